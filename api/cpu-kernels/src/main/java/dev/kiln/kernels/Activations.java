package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.COUNT;

import dev.kiln.spi.backend.ActivationFunction;

/**
 * Activation functions and their backward kernels, over a tile of a number of whole vectors: the
 * exponential that one needs is left in scratch of as many, then comes the rest.
 */
final class Activations {
    private static final float QUICK = 1.702f;

    private Activations() {}

    static void forward(long out, long x, ActivationFunction function, int vectors, long scratch) {
        exponential(scratch, x, function, vectors);
        switch (function) {
            case GELU_TANH, QUICK_GELU, SILU -> SigmoidKernels.gated(out, x, scratch, vectors);
            case GELU_ERF -> GeluKernels.erf(out, x, scratch, vectors);
            case RELU -> SigmoidKernels.relu(out, x, vectors);
            case TANH -> SigmoidKernels.tanh(out, x, scratch, vectors);
        }
    }

    /**
     * The function of n elements from one on, and of no others, a tile at a time.
     *
     * @param scratch three tiles
     */
    static void forward(
            Elements out,
            Elements x,
            long first,
            int n,
            ActivationFunction function,
            long scratch) {
        int tile = FlatKernels.TILE * COUNT;
        for (int i = 0; i < n; i += tile) {
            int count = Math.min(tile, n - i);
            x.load(first + i, count, scratch);
            long to = scratch + 4L * tile;
            forward(to, scratch, function, Lanes.padded(count) / COUNT, scratch + 8L * tile);
            out.store(first + i, count, to);
        }
    }

    static void backward(
            long dX, long dOut, long x, ActivationFunction function, int vectors, long scratch) {
        exponential(scratch, x, function, vectors);
        switch (function) {
            case GELU_TANH -> GeluKernels.tanhBackward(dX, dOut, x, scratch, vectors);
            case GELU_ERF -> GeluKernels.erfBackward(dX, dOut, x, scratch, vectors);
            case QUICK_GELU -> SigmoidKernels.gatedBackward(dX, dOut, x, scratch, QUICK, vectors);
            case SILU -> SigmoidKernels.gatedBackward(dX, dOut, x, scratch, 1, vectors);
            case RELU -> SigmoidKernels.reluBackward(dX, dOut, x, vectors);
            case TANH -> SigmoidKernels.tanhBackward(dX, dOut, scratch, vectors);
        }
    }

    private static void exponential(long out, long x, ActivationFunction function, int vectors) {
        switch (function) {
            case GELU_TANH -> GeluKernels.tanhExponential(out, x, vectors);
            case GELU_ERF -> GeluKernels.bell(out, x, vectors);
            case QUICK_GELU -> Exponentials.exp(out, x, vectors * COUNT, 0, -QUICK);
            case SILU -> Exponentials.exp(out, x, vectors * COUNT, 0, -1);
            case TANH -> SigmoidKernels.tanhExponential(out, x, vectors);
            case RELU -> {}
        }
    }
}
