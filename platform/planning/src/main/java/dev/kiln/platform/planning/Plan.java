package dev.kiln.platform.planning;

import dev.kiln.spi.model.ModelShape;
import java.util.List;

/**
 * What a training run needs.
 *
 * @param model the model family's name
 * @param parts parameters by part of the model, in its order
 */
public record Plan(
        String model, ModelShape shape, List<Part> parts, Memory memory, Compute compute) {

    public Plan {
        parts = List.copyOf(parts);
    }

    /** All parameters. */
    public long parameters() {
        return parts.stream().mapToLong(Part::parameters).sum();
    }

    /**
     * A part of a model.
     *
     * @param name where its weights are, with {@code *} for the number of a layer
     * @param parameters of all layers
     */
    public record Part(String name, long parameters) {}

    /**
     * Bytes.
     *
     * @param weights float32 masters, and what is kept beside them in another precision
     * @param gradients of the weights, float32
     * @param optimizer the optimizer's state
     * @param activations the most that are alive at once in a step, for one micro-batch
     * @param evaluation the same while held-out text is measured
     * @param process what the process takes beside tensors: a chunk of logits, Java's heap and code
     * @param microBatch sequences of a micro-batch
     * @param cache keys and values of one sequence of the whole context, for generation
     */
    public record Memory(
            long weights,
            long gradients,
            long optimizer,
            long activations,
            long evaluation,
            long process,
            int microBatch,
            long cache) {

        /** What training needs at once. */
        public long training() {
            return weights + gradients + optimizer + Math.max(activations, evaluation) + process;
        }
    }

    /**
     * TrainingWork.
     *
     * @param products floating-point operations of products for one token of training, forward and
     *     backward
     * @param attention the same of attention's scores and mixtures
     * @param tokens of the whole run
     * @param updates of the whole run
     */
    public record Compute(double products, double attention, long tokens, long updates) {

        /** Floating-point operations for one token of training. */
        public double perToken() {
            return products + attention;
        }

        /** Floating-point operations of the whole run. */
        public double total() {
            return perToken() * tokens;
        }

        /**
         * Seconds of the whole run.
         *
         * @param rate floating-point operations in a second
         */
        public double seconds(double rate) {
            return total() / rate;
        }
    }
}
