package dev.kiln.platform.training.loop;

/**
 * What a run learns from, in order: a pure function of where the run stands, so that a resumed run
 * reads what an undisturbed one would have read. Used by one thread.
 *
 * @param <B> a batch on a backend
 */
public interface Batches<B> {

    /**
     * The update that begins somewhere. Nothing is read before its batches are uploaded.
     *
     * @param tokens trained on before
     * @param position the {@link Update#end} of the update before, 0 for the first
     */
    Update<B> at(long tokens, long position);

    /**
     * How far the run goes, counted from its beginning.
     *
     * @param step updates made
     */
    Length length(long step, long tokens);

    /** Updates of a whole run, and the tokens that they train on. */
    record Length(long steps, long tokens) {}
}
