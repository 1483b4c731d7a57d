package dev.kiln.platform.autograd;

import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.List;
import java.util.Optional;

/** One operation that was run: its output, and what its gradient needs. */
sealed interface Operation extends Note {
    /** The tensors that a gradient flows to. */
    List<Tensor> inputs();

    /** The weights that a gradient flows to. */
    default List<Weight> weights() {
        return List.of();
    }

    /** What only the gradient needs, beside inputs and output. */
    default List<Tensor> kept() {
        return List.of();
    }

    /** Its output is an activation, whose gradient comes from what was computed from it. */
    sealed interface Activation extends Operation {}

    /** An operation on one tensor. */
    sealed interface Unary extends Activation {
        Tensor x();

        @Override
        default List<Tensor> inputs() {
            return List.of(x());
        }
    }

    /** An operation on two tensors of one shape. */
    sealed interface Binary extends Activation {
        Tensor a();

        Tensor b();

        @Override
        default List<Tensor> inputs() {
            return List.of(a(), b());
        }
    }

    record Embedding(Tensor out, Weight table, Tensor ids) implements Activation {
        @Override
        public List<Tensor> inputs() {
            return List.of();
        }

        @Override
        public List<Weight> weights() {
            return List.of(table);
        }
    }

    record Linear(Tensor out, Tensor x, Weight weight, Optional<Weight> bias) implements Unary {
        @Override
        public List<Weight> weights() {
            return bias.map(b -> List.of(weight, b)).orElseGet(() -> List.of(weight));
        }
    }

    record LinearActivation(
            Tensor out,
            Tensor before,
            Tensor x,
            Weight weight,
            Weight bias,
            ActivationFunction function)
            implements Unary {
        @Override
        public List<Weight> weights() {
            return List.of(weight, bias);
        }

        @Override
        public List<Tensor> kept() {
            return List.of(before);
        }
    }

    record ActivationOf(Tensor out, Tensor x, ActivationFunction function) implements Unary {}

    record LayerNorm(Tensor out, Tensor statistics, Tensor x, Weight gain, Weight bias)
            implements Unary {
        @Override
        public List<Weight> weights() {
            return List.of(gain, bias);
        }

        @Override
        public List<Tensor> kept() {
            return List.of(statistics);
        }
    }

    record Add(Tensor out, Tensor a, Tensor b) implements Binary {}

    record Multiply(Tensor out, Tensor a, Tensor b) implements Binary {}

    record Scale(Tensor out, Tensor x, double factor) implements Unary {}

    /** Dropout of a weight: the copy's gradient becomes the weight's. */
    record DropWeight(Weight copy, Weight weight, Dropout dropout) implements Operation {
        @Override
        public Tensor out() {
            return copy.value();
        }

        @Override
        public List<Tensor> inputs() {
            return List.of();
        }

        @Override
        public List<Weight> weights() {
            return List.of(weight);
        }
    }

    record Drop(Tensor out, Tensor x, Dropout dropout) implements Unary {}

    /** Attention on x = qkv. */
    record Attend(Tensor out, Tensor logSumExp, Tensor x, AttentionSpec spec) implements Unary {
        @Override
        public List<Tensor> kept() {
            return List.of(logSumExp);
        }
    }

    record Gather(Tensor out, Tensor x, Tensor rows) implements Unary {}

    record Reshape(Tensor out, Tensor x) implements Unary {}

    /**
     * Sums of rows.
     *
     * @param sums INT32, for each row of x the row of out that it counts to
     */
    record SumRows(Tensor out, Tensor x, Tensor sums) implements Unary {
        @Override
        public List<Tensor> kept() {
            return List.of(sums);
        }
    }

    /** A term of the objective: its output are losses, and its gradient is computed with them. */
    record Loss(Tensor out, Tensor x, Tensor dX, Optional<Weight> table) implements Operation {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public List<Weight> weights() {
            return table.map(List::of).orElseGet(List::of);
        }
    }
}
