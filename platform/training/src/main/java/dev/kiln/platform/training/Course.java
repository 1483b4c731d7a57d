package dev.kiln.platform.training;

import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.spi.training.Progress;

/** Where a run stands, and how far it goes. Used by one thread. */
final class Course {
    private final Batches<?> batches;
    private long step;
    private long tokens;
    private long position;
    private Batches.Length length;

    Course(Batches<?> batches) {
        this.batches = batches;
        length = batches.length(0, 0);
    }

    void resume(CheckpointState state) {
        step = state.step();
        tokens = state.tokens();
        position = state.position();
        length = batches.length(step, tokens);
    }

    /** Updates made. */
    long step() {
        return step;
    }

    /** Updates of the whole run. */
    long steps() {
        return length.steps();
    }

    /** Tokens trained on. */
    long tokens() {
        return tokens;
    }

    /** Where the next update begins. */
    long position() {
        return position;
    }

    boolean isOver() {
        return step >= length.steps();
    }

    Progress progress() {
        return new Progress(step, length.steps(), tokens, length.tokens());
    }

    /** An update was made. */
    void advance(Update<?> update) {
        tokens += update.tokens();
        position = update.end();
        step++;
    }
}
