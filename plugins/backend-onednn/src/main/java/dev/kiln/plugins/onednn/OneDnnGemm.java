package dev.kiln.plugins.onednn;

import dev.kiln.kernels.Gemm;
import dev.kiln.spi.backend.DType;
import java.util.EnumSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Products by oneDNN's matmul, on the calling thread alone. Thread-safe. */
final class OneDnnGemm implements Gemm, AutoCloseable {
    /** A size that each of the library's fast implementations takes. */
    private static final int PROBE = 64;

    private final Set<DType> types = EnumSet.of(DType.FLOAT32);
    private final boolean panels;
    private final String implementation;
    private final Queue<Matmuls> all = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Matmuls> own = ThreadLocal.withInitial(this::ofThread);

    OneDnnGemm() {
        OneDnn.useCallingThreadOnly();
        String floats = implementation(DType.FLOAT32);
        String halves = implementation(DType.BFLOAT16);
        boolean halvesAreFaster = hasInstructions(halves);
        if (halvesAreFaster) {
            types.add(DType.BFLOAT16);
        }
        panels = halvesAreFaster && readPanels();
        implementation = halvesAreFaster ? halves : floats + ", no bfloat16";
    }

    /**
     * Whether code for bfloat16 computes with the processor's own instructions: {@code ref} is plain
     * loops, and {@code gemm} widens to float32 on processors with AVX-512 alone, which is slower
     * than float32.
     */
    static boolean hasInstructions(String implementation) {
        return !implementation.startsWith("ref") && !implementation.startsWith("gemm");
    }

    private Matmuls ofThread() {
        Matmuls matmuls = new Matmuls();
        all.add(matmuls);
        return matmuls;
    }

    /** What the library takes for factors of a type; {@code ref} where it has no code at all. */
    private static String implementation(DType type) {
        return implementation(type, OneDnn.matrix(type, PROBE, PROBE, PROBE, 1));
    }

    private static boolean readPanels() {
        return !implementation(DType.BFLOAT16, OneDnn.panels(PROBE, PROBE)).startsWith("ref");
    }

    private static String implementation(DType type, long weights) {
        long square = OneDnn.matrix(type, PROBE, PROBE, PROBE, 1);
        try {
            long matmul = OneDnn.matmul(square, weights, 0, square, 1, 0);
            String name = OneDnn.implementation(matmul);
            OneDnn.destroyMatmul(matmul);
            return name;
        } catch (OneDnnException refused) {
            if (refused.unimplemented()) {
                return "ref";
            }
            throw refused;
        } finally {
            OneDnn.destroyMatrix(square);
            OneDnn.destroyMatrix(weights);
        }
    }

    /**
     * The library's name for the code that computes most, for example brg_matmul:avx10_1_512_amx, and
     * that there is no bfloat16 where it isn't faster.
     */
    String implementation() {
        return implementation;
    }

    @Override
    public void multiply(Product product, long a, long b, long bias, long c) {
        own.get().run(product, a, b, bias, c);
    }

    @Override
    public Set<DType> types() {
        return types;
    }

    @Override
    public boolean readsPanels() {
        return panels;
    }

    @Override
    public boolean parallel() {
        return false;
    }

    /** Gives back what was made ready on any thread; nobody may be multiplying. */
    @Override
    public void close() {
        all.forEach(Matmuls::close);
        all.clear();
    }
}
