package dev.kiln.platform.training.pretrain;

import dev.kiln.platform.training.loop.Batches;

/**
 * How far a run on text goes: a pure function of the tokens seen.
 *
 * @param plan the size of each update
 */
record TextPlan(PretrainOptions.Training training, BatchPlan plan) {

    /**
     * @param context length of a training sequence
     */
    static TextPlan of(PretrainOptions.Training training, int context) {
        return new TextPlan(training, BatchPlan.of(training, context));
    }

    /** Updates and tokens of the whole run, seen from where it stands. */
    Batches.Length length(long step, long tokens) {
        long byTokens =
                training.tokens().map(t -> step + plan.steps(tokens, t)).orElse(Long.MAX_VALUE);
        long steps = Math.min(training.steps().orElse(Long.MAX_VALUE), byTokens);
        return new Batches.Length(steps, plan.tokens(tokens, steps - step));
    }

    /** Batches of the update that begins after so many tokens. */
    int batches(long tokens) {
        return plan.batches(tokens);
    }
}
