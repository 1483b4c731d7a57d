package dev.kiln.platform.training;

import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.spi.training.Progress;

/**
 * Where a run stands, and how far it goes. Used by one thread.
 *
 * <p>A resumed run continues from the tokens and the position of its checkpoint: nothing is read
 * twice, nothing left out.
 */
final class Course {
    private final PretrainOptions.Training training;
    private final BatchPlan plan;
    private long step;
    private long tokens;
    private long position;
    private long steps;
    private long totalTokens;

    /**
     * @param context length of a training sequence
     */
    Course(PretrainOptions.Training training, int context) {
        this.training = training;
        plan = BatchPlan.of(training, context);
        lookAhead();
    }

    void resume(CheckpointState state) {
        step = state.step();
        tokens = state.tokens();
        position = state.position();
        lookAhead();
    }

    private void lookAhead() {
        long byTokens =
                training.tokens().map(t -> step + plan.steps(tokens, t)).orElse(Long.MAX_VALUE);
        steps = Math.min(training.steps().orElse(Long.MAX_VALUE), byTokens);
        totalTokens = plan.tokens(tokens, steps - step);
    }

    /** Updates made. */
    long step() {
        return step;
    }

    /** Updates of the whole run. */
    long steps() {
        return steps;
    }

    /** Tokens trained on. */
    long tokens() {
        return tokens;
    }

    /** Tokens of the whole run. */
    long totalTokens() {
        return totalTokens;
    }

    /** Sequences read. */
    long position() {
        return position;
    }

    boolean isOver() {
        return step >= steps;
    }

    Progress progress() {
        return new Progress(step, steps, tokens, totalTokens);
    }

    /** Batches of the update that comes next. */
    int batches() {
        return plan.batches(tokens);
    }

    /** Tokens of the update that comes next. */
    long stepTokens() {
        return batches() * plan.unit();
    }

    /** The update that came next was made. */
    void advance() {
        int batches = batches();
        position += (long) batches * training.batch();
        tokens += batches * plan.unit();
        step++;
    }
}
