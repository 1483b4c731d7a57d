package dev.kiln.platform.training.pretrain;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;

/**
 * Sequences on a backend.
 *
 * @param ids INT32 [B, T]
 * @param positions INT32 [B, T], each row 0 … T - 1
 * @param labels the next token of every position, and what it counts
 */
public record TextBatch(Tensor ids, Tensor positions, HeadInput labels) {

    /**
     * @param ids [sequences · length], inputs row by row, all in the vocabulary
     * @param targets the same, the token after each
     * @param weights the same, what each counts
     */
    static TextBatch upload(
            Backend backend, Scope scope, int length, int[] ids, int[] targets, float[] weights) {
        int[] positions = new int[ids.length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i % length;
        }
        Shape shape = Shape.of(ids.length / length, length);
        Shape flat = Shape.of(ids.length);
        Tensor weightsTensor = scope.allocate(DType.FLOAT32, flat);
        backend.upload(weightsTensor, weights);
        return new TextBatch(
                ints(backend, scope, shape, ids),
                ints(backend, scope, shape, positions),
                new HeadInput(HeadRows.ALL, ints(backend, scope, flat, targets), weightsTensor));
    }

    /** One of a size, of nothing in particular: what a kernel makes of it is only counted. */
    static TextBatch sized(Scope scope, int sequences, int length) {
        Shape shape = Shape.of(sequences, length);
        Shape flat = Shape.of(sequences * length);
        return new TextBatch(
                scope.allocate(DType.INT32, shape),
                scope.allocate(DType.INT32, shape),
                new HeadInput(
                        HeadRows.ALL,
                        scope.allocate(DType.INT32, flat),
                        scope.allocate(DType.FLOAT32, flat)));
    }

    private static Tensor ints(Backend backend, Scope scope, Shape shape, int[] values) {
        Tensor tensor = scope.allocate(DType.INT32, shape);
        backend.upload(tensor, values);
        return tensor;
    }
}
