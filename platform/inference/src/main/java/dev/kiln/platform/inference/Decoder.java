package dev.kiln.platform.inference;

import dev.kiln.platform.autograd.CachedOps;
import dev.kiln.platform.inference.Pass.Asked;
import dev.kiln.platform.models.InvalidScore;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.ModelShape;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Runs a model for many requests at once. Each has a slot of a KV cache while it is worked on; a pass
 * takes the pending tokens of all slots together, whether they are read or were just written.
 * Requests join and leave between passes. What two of them begin with is read once.
 *
 * <p>Each request is alone with its sampler, seed, stop texts and limit. What the others are changes
 * none of its random numbers and none of the tokens that it sees; they only change how its rows are
 * grouped in products, so its logits are the same bits where a backend computes a row alike in any
 * group, and else the same but for rounding.
 *
 * <pre>{@code
 * try (Decoder decoder = new Decoder(language, new DecoderSize(16, 1024), PassListener.NONE)) {
 *     Submission submission = decoder.submit(prompt, request, 0, listener);
 *     while (decoder.pass()) {}
 * }
 * }</pre>
 *
 * <p>Requests may be submitted and cancelled by any thread, also while a pass runs. Passes are run by
 * one thread at a time, which is the one that listeners hear from.
 */
public final class Decoder implements AutoCloseable {

    /** A request that a decoder was given. */
    public interface Submission {

        /**
         * Takes it back: its slot is free before the next pass begins, and nothing more is heard of
         * it from then on. Does nothing to what has ended. May be called by any thread.
         */
        void cancel();
    }

    private final LanguageModel language;
    private final DecoderSize size;
    private final PassListener listener;
    private final Backend backend;
    private final Scope scope;
    private final KvCache cache;
    private final Slots slots;
    private final Logits logits;
    private final Queue<Sequence> queue = new ConcurrentLinkedQueue<>();

    /**
     * Allocates the cache.
     *
     * @param listener hears what each pass took
     */
    public Decoder(LanguageModel language, DecoderSize size, PassListener listener) {
        this.language = language;
        this.size = size;
        this.listener = listener;
        backend = language.backend();
        scope = backend.scope();
        ModelShape shape = language.model().shape();
        cache =
                backend.kvCache(
                        scope,
                        language.precision().activations(),
                        shape.layers(),
                        size.slots(),
                        size.positions(),
                        shape.attentionWidth());
        slots = new Slots(cache);
        logits = new Logits(language);
    }

    /**
     * Goes on from a prompt. Its random numbers follow from the request's seed, {@code sample} and the
     * length of the text so far.
     *
     * @param prompt ids, at least one
     * @param sample tells continuations of one seed from each other
     * @throws InvalidInput when the prompt does not fit the model's context, or it and what is to be
     *     written a slot
     */
    public Submission submit(
            int[] prompt, GenerationRequest request, int sample, GenerationListener listener) {
        int context = language.model().shape().context();
        requireRoom("the prompt's tokens", prompt.length, context);
        requireRoom(
                "the prompt and what is to be written",
                request.positions(prompt.length, context),
                size.positions());
        return add(new GeneratedSequence(language, prompt, request, sample, listener));
    }

    /**
     * Finds likelihoods of continuations.
     *
     * @throws InvalidInput when the context and the longest continuation fit neither the model's
     *     context nor a slot
     */
    public Submission submit(ScoringRequest request, ScoringListener listener) {
        int room = Math.min(language.model().shape().context(), size.positions());
        requireRoom("a context and its continuation", request.positions(), room);
        return add(new ScoredSequence(request, listener));
    }

    private static void requireRoom(String what, int positions, int room) {
        if (positions > room) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s take %,d positions, there is room for %,d",
                            what,
                            positions,
                            room));
        }
    }

    private Submission add(Sequence sequence) {
        queue.add(sequence);
        return sequence;
    }

    /**
     * Lets requests leave and join, and runs a pass of those that are here.
     *
     * @return false when there are none
     * @throws InvalidInput when the model's head answers a task, so that it has no logits
     */
    public boolean pass() {
        slots.release();
        slots.share(List.of());
        slots.admit(queue);
        List<Slot> reading = slots.reading();
        if (reading.isEmpty()) {
            return false;
        }
        long start = System.nanoTime();
        Pass pass = Pass.over(reading, size.rows());
        int asked = run(pass);
        listener.on(pass.rows(), asked, System.nanoTime() - start);
        return true;
    }

    /** Returns how many rows of logits were taken. */
    private int run(Pass pass) {
        List<Asked> asked = pass.asked();
        try (Scope step = backend.scope()) {
            Tensor hidden = hidden(step, pass); // (1, N, C)
            pass.passed();
            slots.share(asked);
            logits.give(hidden, asked, Decoder::take);
        }
        return asked.size();
    }

    private Tensor hidden(Scope step, Pass pass) {
        pass.slots().forEach(slot -> cache.setLength(slot.index(), slot.sequence().cached()));
        CachedOps ops =
                new CachedOps(
                        backend,
                        step,
                        language.precision(),
                        language.layouts(),
                        cache.select(pass.indices()),
                        pass.counts());
        return language.model().hidden(ops, row(step, pass.ids()), row(step, pass.positions()));
    }

    private Tensor row(Scope step, int[] values) {
        Tensor tensor = step.allocate(DType.INT32, Shape.of(1, values.length));
        backend.upload(tensor, values);
        return tensor;
    }

    /** A request whose logits are no numbers leaves. */
    private static void take(Asked asked, LogitRow row) {
        Sequence sequence = asked.sequence();
        if (sequence.cancelled()) {
            return;
        }
        int after = sequence.tokens().length() - sequence.tokens().positions() + asked.position();
        try {
            row.require(after + 1);
        } catch (InvalidScore problem) {
            sequence.cancel();
            sequence.fail(problem);
            return;
        }
        sequence.take(asked.position(), row);
    }

    /** Gives the cache's memory back. Nothing more is heard of requests that have not ended. */
    @Override
    public void close() {
        scope.close();
    }
}
