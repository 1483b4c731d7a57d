package dev.kiln.plugins.onednn;

import dev.kiln.kernels.Gemm.Product;
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
    private final GrowingMemory scratch = new GrowingMemory();
    private final GrowingMemory copies = new GrowingMemory();

    /** For the calling thread. */
    Matmuls() {
        OneDnn.useCallingThreadOnly();
        stream = OneDnn.stream();
    }

    void run(Product product, long a, long b, long bias, long c) {
        if (ThinProduct.isOne(product)) {
            long memory = copies.of(ThinProduct.bytes(product));
            new ThinProduct(product, memory)
                    .run(a, b, c, (dense, x, y, z) -> matmul(dense, x, y, bias, z));
        } else if (PaddedRows.isOne(product)) {
            long memory = copies.of(PaddedRows.bytes(product));
            new PaddedRows(product, memory)
                    .run(a, c, (padded, x, z) -> matmul(padded, x, b, bias, z));
        } else {
            matmul(product, a, b, bias, c);
        }
    }

    private void matmul(Product product, long a, long b, long bias, long c) {
        Matmul matmul = ready.get(product);
        if (matmul == null) {
            matmul = make(product);
            ready.put(product, matmul);
        }
        matmul.run(stream, a, b, bias, c, scratch.of(matmul.scratchBytes()));
    }

    private static Matmul make(Product product) {
        try {
            return new Matmul(product);
        } catch (OneDnnException refused) {
            throw new IllegalStateException("oneDNN has no code for " + product, refused);
        }
    }

    @Override
    public void close() {
        ready.values().forEach(Matmul::close);
        ready.clear();
        scratch.close();
        copies.close();
        OneDnn.destroyStream(stream);
    }
}
