package dev.kiln.platform.tasks;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import java.util.Arrays;
import java.util.List;

/**
 * Examples on a backend. Sequences are filled up behind their ends, where no state that is read can
 * see it.
 *
 * @param ids INT32 [S, T], the sequences of all examples
 * @param positions INT32 [S, T], each row 0 … T - 1
 * @param labels of the last token of each sequence
 * @param next INT32 targets of every token but the last of each sequence: the one behind it, as the
 *     auxiliary objective has it; what a sequence counts is spread evenly over its tokens
 */
public record HeadBatch(Tensor ids, Tensor positions, HeadInput labels, HeadInput next) {

    /**
     * What examples count.
     *
     * @param example what predicting the class of one counts
     * @param sequence what predicting the tokens of one sequence counts, in all; 0 for not at all
     */
    public record Counts(double example, double sequence) {

        /** Means over examples and their sequences, the second times {@code auxiliary}. */
        public static Counts means(List<HeadExample> examples, double auxiliary) {
            int sequences = examples.stream().mapToInt(e -> e.sequences().size()).sum();
            return new Counts(1.0 / examples.size(), auxiliary / sequences);
        }
    }

    /**
     * Uploads. Unknown answers count as the first class.
     *
     * @param counts what the examples count, which may be a part of a larger batch
     */
    public static HeadBatch upload(
            Backend backend, Scope scope, List<HeadExample> examples, Counts counts) {
        return new Layout(backend, scope, examples, counts).batch();
    }

    /**
     * One of a size, of nothing in particular: what a kernel makes of it is only counted.
     *
     * @param sequences of an example, each of {@code length} tokens
     */
    public static HeadBatch sized(Scope scope, int examples, int sequences, int length) {
        Shape shape = Shape.of(examples * sequences, length);
        return new HeadBatch(
                scope.allocate(DType.INT32, shape),
                scope.allocate(DType.INT32, shape),
                sized(scope, examples * sequences, examples),
                sized(
                        scope,
                        examples * sequences * Math.max(1, length - 1),
                        examples * sequences * Math.max(1, length - 1)));
    }

    private static HeadInput sized(Scope scope, int rows, int targets) {
        return new HeadInput(
                HeadRows.of(scope.allocate(DType.INT32, Shape.of(rows))),
                scope.allocate(DType.INT32, Shape.of(targets)),
                scope.allocate(DType.FLOAT32, Shape.of(targets)));
    }

    /** Where everything lies. */
    private static final class Layout {
        private final Backend backend;
        private final Scope scope;
        private final List<HeadExample> examples;
        private final List<int[]> sequences;
        private final Counts counts;
        private final int length;

        Layout(Backend backend, Scope scope, List<HeadExample> examples, Counts counts) {
            this.backend = backend;
            this.scope = scope;
            this.examples = examples;
            this.counts = counts;
            sequences = examples.stream().flatMap(e -> e.sequences().stream()).toList();
            length = examples.stream().mapToInt(HeadExample::longest).max().orElseThrow();
        }

        HeadBatch batch() {
            int[] ids = new int[sequences.size() * length];
            int[] positions = new int[ids.length];
            Arrays.setAll(positions, i -> i % length);
            int[] last = new int[sequences.size()];
            for (int s = 0; s < last.length; s++) {
                int[] sequence = sequences.get(s);
                System.arraycopy(sequence, 0, ids, s * length, sequence.length);
                last[s] = s * length + sequence.length - 1;
            }
            Shape shape = Shape.of(sequences.size(), length);
            return new HeadBatch(ints(shape, ids), ints(shape, positions), labels(last), next(ids));
        }

        private HeadInput labels(int[] last) {
            int[] targets =
                    examples.stream().mapToInt(example -> Math.max(0, example.target())).toArray();
            float[] weights = new float[targets.length];
            Arrays.fill(weights, (float) counts.example());
            return input(last, targets, weights);
        }

        private HeadInput next(int[] ids) {
            int count = sequences.stream().mapToInt(sequence -> sequence.length - 1).sum();
            int[] rows = new int[count];
            int[] targets = new int[count];
            float[] weights = new float[count];
            int at = 0;
            for (int s = 0; s < sequences.size(); s++) {
                int predicted = sequences.get(s).length - 1;
                for (int t = 0; t < predicted; t++, at++) {
                    rows[at] = s * length + t;
                    targets[at] = ids[rows[at] + 1];
                    weights[at] = (float) (counts.sequence() / predicted);
                }
            }
            return input(rows, targets, weights);
        }

        private HeadInput input(int[] rows, int[] targets, float[] weights) {
            Tensor uploaded = scope.allocate(DType.FLOAT32, Shape.of(weights.length));
            backend.upload(uploaded, weights);
            return new HeadInput(
                    HeadRows.of(ints(Shape.of(rows.length), rows)),
                    ints(Shape.of(targets.length), targets),
                    uploaded);
        }

        private Tensor ints(Shape shape, int[] values) {
            Tensor tensor = scope.allocate(DType.INT32, shape);
            backend.upload(tensor, values);
            return tensor;
        }
    }
}
