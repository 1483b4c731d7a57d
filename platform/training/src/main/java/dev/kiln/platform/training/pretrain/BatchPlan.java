package dev.kiln.platform.training.pretrain;

import dev.kiln.platform.training.pretrain.PretrainOptions.BatchRamp;
import dev.kiln.spi.InvalidInput;
import java.util.Locale;
import java.util.Optional;

/**
 * How many batches an update adds up, as a function of the tokens seen before it. Without a ramp
 * always {@code most}; with one, as many whole batches as fit into {@code from + (full - from) ·
 * tokens / over}, and {@code most} from {@code over} tokens on (Brown et al., 2020, appendix B).
 *
 * @param unit tokens of one batch
 * @param most batches of a full update
 */
record BatchPlan(long unit, int most, Optional<BatchRamp> ramp) {

    /**
     * @param context length of a training sequence
     * @throws InvalidInput when the ramp begins below one batch or above the full update
     */
    static BatchPlan of(PretrainOptions.Training training, int context) {
        long unit = (long) training.batch() * context;
        long full = unit * training.gradientAccumulation();
        training.batchRamp().ifPresent(ramp -> check(ramp.from(), unit, full));
        return new BatchPlan(unit, training.gradientAccumulation(), training.batchRamp());
    }

    private static void check(long from, long unit, long full) {
        if (from > full) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "training.batchRamp.from is %,d tokens, expected at most those of the full update,"
                                    + " %,d (batch · gradientAccumulation · context)",
                            from,
                            full));
        }
        if (from < unit) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "training.batchRamp.from is %,d tokens, expected at least those of one batch, %,d"
                                    + " (batch · context): use a smaller training.batch and more"
                                    + " gradientAccumulation",
                            from,
                            unit));
        }
    }

    /** Batches of the update that begins when so many tokens were seen. */
    int batches(long tokens) {
        int batches = ramp.map(line -> (int) (line.from() / unit)).orElse(most);
        while (tokens >= until(batches)) {
            batches++;
        }
        return batches;
    }

    /** The first number of tokens seen at which an update takes more than these batches. */
    private long until(int batches) {
        if (ramp.isEmpty() || batches >= most) {
            return Long.MAX_VALUE;
        }
        BatchRamp line = ramp.get();
        double rise = (batches + 1) * unit - line.from();
        return (long) Math.ceil(rise * line.over() / (most * unit - line.from()));
    }

    /** Updates from one number of tokens seen until another is reached or passed. */
    long steps(long from, long to) {
        long steps = 0;
        for (long tokens = from; tokens < to; ) {
            int batches = batches(tokens);
            long alike = Math.ceilDiv(Math.min(to, until(batches)) - tokens, batches * unit);
            steps += alike;
            tokens = after(tokens, alike, batches);
        }
        return steps;
    }

    /** Tokens seen when so many updates more were made. */
    long tokens(long from, long steps) {
        long tokens = from;
        for (long left = steps; left > 0; ) {
            int batches = batches(tokens);
            long alike = Math.min(left, Math.ceilDiv(until(batches) - tokens, batches * unit));
            left -= alike;
            tokens = after(tokens, alike, batches);
        }
        return tokens;
    }

    private long after(long tokens, long updates, int batches) {
        try {
            return Math.addExact(tokens, Math.multiplyExact(updates, batches * unit));
        } catch (ArithmeticException e) {
            throw new InvalidInput(
                    "training: a run of more than 2^63 tokens; expected fewer steps or tokens", e);
        }
    }
}
