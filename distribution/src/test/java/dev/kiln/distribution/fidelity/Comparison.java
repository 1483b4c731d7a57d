package dev.kiln.distribution.fidelity;

import dev.kiln.platform.inference.inspection.ForwardPass;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.training.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a subject computes beside what its fixture expects. A figure may be 1e-4 at most: the largest
 * difference of logits, hidden states and losses, the relative error of each tensor's gradient. Used
 * by one thread.
 */
record Comparison(Fixture fixture, Subject subject, Passes passes) {
    private static final double BAR = 1e-4;
    private static final String STATES = "hidden_states.";
    private static final String GRADIENT = "gradient.";

    Comparison(Fixture fixture, Subject subject) {
        this(fixture, subject, new Passes(subject));
    }

    /** All rows that the fixture has figures for. Leaves the subject trained. */
    List<Row> all(Function<Fixture, Optimizer> optimizers) {
        List<Row> rows = new ArrayList<>(forward());
        if (fixture.has("loss")) {
            rows.addAll(backward());
            rows.addAll(greedy());
            rows.addAll(steps(optimizers.apply(fixture)));
        }
        return rows;
    }

    /** Logits, and the hidden states of every layer. */
    List<Row> forward() {
        int[][] ids = Passes.split(fixture.ints("ids"), fixture.sequences());
        List<Row> rows = new ArrayList<>();
        try (ForwardPass pass = ForwardPass.of(subject.language(), ids)) {
            rows.add(difference("logits", pass.logits()));
            rows.add(missing(STATES, pass.states()));
            for (int i = 0; i < pass.states(); i++) {
                rows.add(difference(STATES + i, pass.state(i)));
            }
        }
        return rows;
    }

    /** The loss, and its gradient for every tensor of the file. */
    List<Row> backward() {
        double loss = passes.loss(fixture.ints("ids"), fixture.sequences());
        Map<String, float[]> gradients =
                subject.names().gradients(subject.backend(), subject.weights());
        passes.clearGradients();
        List<Row> rows = new ArrayList<>();
        rows.add(new Row("loss", Math.abs(fixture.floats("loss")[0] - loss), BAR));
        rows.add(missing(GRADIENT, gradients.size()));
        gradients.forEach(
                (name, actual) -> {
                    float[] expected = fixture.floats(GRADIENT + name);
                    rows.add(Row.relative(GRADIENT + name, expected, actual, BAR));
                });
        return rows;
    }

    /** The losses before each of ten steps of AdamW, and after the last. */
    List<Row> steps(Optimizer optimizer) {
        float[] expected = fixture.floats("adamw.losses");
        List<Row> rows = new ArrayList<>();
        try (Scope scope = subject.backend().scope()) {
            Optimizer.Attached attached =
                    optimizer.attach(
                            subject.backend(), scope, List.copyOf(subject.weights().values()));
            for (int step = 0; step < expected.length; step++) {
                double loss = passes.loss(fixture.ints("ids"), fixture.sequences());
                rows.add(new Row("loss." + step, Math.abs(expected[step] - loss), BAR));
                attached.update(step + 1, fixture.setting("learningRate"), 1);
                passes.clearGradients();
            }
        }
        return rows;
    }

    /** What is written with a cache, and its logits beside those of one pass without. */
    List<Row> greedy() {
        int[] expected = fixture.ints("greedy");
        int[] written = Arrays.copyOf(expected, expected.length);
        float[] cached = passes.greedy(written, (int) fixture.setting("prompt"));
        int[] seen = Arrays.copyOf(written, written.length - 1);
        try (ForwardPass uncached = ForwardPass.of(subject.language(), seen)) {
            return List.of(
                    Row.ids("greedy", expected, written),
                    Row.difference("cached logits", uncached.logits(), cached, BAR));
        }
    }

    private Row difference(String name, float[] actual) {
        return Row.difference(name, fixture.floats(name), actual, BAR);
    }

    /** How many of the fixture's tensors of a kind have no counterpart. */
    private Row missing(String kind, int found) {
        return new Row(kind + "missing", Math.abs(fixture.names(kind).size() - found), 0);
    }
}
