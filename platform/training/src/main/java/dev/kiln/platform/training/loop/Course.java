package dev.kiln.platform.training.loop;

import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.spi.training.Progress;

/** Where a run stands, and how far it goes. Used by one thread. */
public final class Course {
    private final Batches<?> batches;
    private long step;
    private long tokens;
    private long position;
    private Batches.Length length;

    public Course(Batches<?> batches) {
        this.batches = batches;
        length = batches.length(0, 0);
    }

    public void resume(CheckpointState state) {
        step = state.step();
        tokens = state.tokens();
        position = state.position();
        length = batches.length(step, tokens);
    }

    /** Updates made. */
    public long step() {
        return step;
    }

    /** Updates of the whole run. */
    public long steps() {
        return length.steps();
    }

    /** Tokens trained on. */
    public long tokens() {
        return tokens;
    }

    /** Where the next update begins. */
    public long position() {
        return position;
    }

    public boolean isOver() {
        return step >= length.steps();
    }

    public Progress progress() {
        return new Progress(step, length.steps(), tokens, length.tokens());
    }

    /** An update was made. */
    public void advance(Update<?> update) {
        tokens += update.tokens();
        position = update.end();
        step++;
    }
}
