package dev.kiln.plugins.onednn;

import dev.kiln.kernels.Gemm.Product;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/** One thread's products that are ready, the latest used ones, with its stream and scratch memory. */
final class Matmuls implements AutoCloseable {
    /** A training step has some dozens; attention in generation has a new one a length. */
    private static final int MOST = 512;

    private final Map<Product, Matmul> ready =
            new LinkedHashMap<>(MOST, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Product, Matmul> eldest) {
                    if (size() <= MOST) {
                        return false;
                    }
                    eldest.getValue().close();
                    return true;
                }
            };
    private final long stream;
    private Arena arena = Arena.ofShared();
    private MemorySegment scratch = arena.allocate(64, 64);

    /** For the calling thread. */
    Matmuls() {
        OneDnn.useCallingThreadOnly();
        stream = OneDnn.stream();
    }

    void run(Product product, long a, long b, long bias, long c) {
        Matmul matmul = ready.get(product);
        if (matmul == null) {
            matmul = make(product);
            ready.put(product, matmul);
        }
        matmul.run(stream, a, b, bias, c, scratch(matmul.scratchBytes()));
    }

    private static Matmul make(Product product) {
        try {
            return new Matmul(product);
        } catch (OneDnnException refused) {
            throw new IllegalStateException("oneDNN has no code for " + product, refused);
        }
    }

    private long scratch(long bytes) {
        if (scratch.byteSize() < bytes) {
            arena.close();
            arena = Arena.ofShared();
            scratch = arena.allocate(bytes, 64);
        }
        return scratch.address();
    }

    @Override
    public void close() {
        ready.values().forEach(Matmul::close);
        ready.clear();
        arena.close();
        OneDnn.destroyStream(stream);
    }
}
