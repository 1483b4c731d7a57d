package dev.kiln.platform.benchmark;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the machine can do at most (Williams, Waterman and Patterson, 2009), measured.
 *
 * @param read bytes in a second
 * @param triad bytes in a second
 * @param fma float32 operations in a second, in registers
 * @param matmul operations in a second of the backend's fastest product so far, by type
 */
record Roofline(double read, double triad, double fma, Map<DType, Double> matmul) {

    static Roofline measure(Backend backend, Set<DType> types) {
        int threads = backend.capabilities().threads();
        Map<DType, Double> matmul = new EnumMap<>(DType.class);
        types.forEach(type -> matmul.put(type, MatmulPeak.of(backend, type)));
        return new Roofline(
                Bandwidth.read(threads), Bandwidth.triad(threads), FmaPeak.of(threads), matmul);
    }

    /** Counts what a kernel reached: a peak is no less than that. */
    void reached(Kernel kernel, double seconds) {
        matmul.merge(kernel.type(), kernel.flops() / seconds, Math::max);
    }

    /**
     * The part of a kernel's time that it could not have been faster in, at most 1: what a cache
     * holds may come faster than memory.
     */
    double share(Kernel kernel, double seconds) {
        return Math.min(1, seconds(kernel) / seconds);
    }

    /** Seconds that memory alone would take. */
    double memorySeconds(Kernel kernel) {
        return kernel.bytes() / Math.max(read, triad);
    }

    /** Seconds that the products alone would take. */
    double computeSeconds(Kernel kernel) {
        return kernel.flops() / matmul.get(kernel.type());
    }

    String bound(Kernel kernel) {
        return memorySeconds(kernel) > computeSeconds(kernel) ? "memory" : "compute";
    }

    double seconds(Kernel kernel) {
        return Math.max(memorySeconds(kernel), computeSeconds(kernel));
    }

    Map<String, Object> describe() {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("readGigabytesPerSecond", read / 1e9);
        described.put("triadGigabytesPerSecond", triad / 1e9);
        described.put("fmaGigaflopsPerSecond", fma / 1e9);
        matmul.forEach(
                (type, rate) ->
                        described.put(
                                Workload.word(type) + "MatmulGigaflopsPerSecond", rate / 1e9));
        return described;
    }
}
