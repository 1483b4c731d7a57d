package dev.kiln.platform.evaluation;

import dev.kiln.platform.autograd.CachedOps;
import dev.kiln.platform.inference.InvalidScore;
import dev.kiln.platform.inference.LanguageModel;
import dev.kiln.platform.inference.MemoryCheck;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.ModelShape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds likelihoods of continuations. Requests with the same context read it once, and requests that
 * begin alike, as with the same solved examples before them, go through the cache one after the
 * other, so that each reads only what is new. Several go side by side without padding. Used by one
 * thread at a time.
 */
public final class Scorer {
    /** Tokens of a pass, at most. */
    private static final int TOKENS = 512;

    /** Rows of logits that are held at once, at most. */
    private static final int ROWS = 128;

    private final LanguageModel language;
    private final Backend backend;
    private final int lanes;
    private float[] logits = {};

    /** Hears of a request that is done. */
    @FunctionalInterface
    public interface Listener {
        /** @param index of the request */
        void on(int index, Likelihood likelihood);
    }

    /**
     * A row of a pass that predicts a token.
     *
     * @param windows whose token it predicts
     * @param place of that token in their continuations
     */
    private record Prediction(int row, List<Window> windows, int place) {}

    /**
     * @param lanes how many sequences go side by side, at least 1
     */
    public Scorer(LanguageModel language, int lanes) {
        this.language = language;
        this.backend = language.backend();
        this.lanes = lanes;
    }

    /**
     * Answers requests, in an order of its own. A context that is too long loses its beginning.
     *
     * @throws CancellationException when the thread is interrupted
     * @throws dev.kiln.spi.InvalidInput when keys and values need more memory than there is
     * @throws InvalidScore when a logit is no number
     */
    public void score(List<LikelihoodRequest> requests, Listener listener) {
        int length = language.model().shape().context();
        List<Window> windows =
                IntStream.range(0, requests.size())
                        .mapToObj(i -> new Window(i, requests.get(i), length))
                        .sorted(Window.BY_PREFIX)
                        .toList();
        Queue<List<Window>> questions = questions(windows);
        int side = Math.min(lanes, questions.size());
        int longest = windows.stream().mapToInt(window -> window.ids.length).max().orElse(0);
        if (side > 0) {
            requireMemory(side, longest);
            try (Scope scope = backend.scope()) {
                run(cache(scope, side, longest), questions, listener);
            }
        }
    }

    private static Queue<List<Window>> questions(List<Window> sorted) {
        Queue<List<Window>> questions = new ArrayDeque<>();
        List<Window> last = List.of();
        for (Window window : sorted) {
            if (last.isEmpty() || !window.hasContextOf(last.getFirst())) {
                last = new ArrayList<>();
                questions.add(last);
            }
            last.add(window);
        }
        return questions;
    }

    private void requireMemory(int side, int positions) {
        ModelShape shape = language.model().shape();
        long one =
                2L
                        * shape.layers()
                        * shape.attentionWidth()
                        * language.precision().activations().bytes()
                        * positions;
        long available = backend.availableBytes();
        MemoryCheck.require(
                String.format(Locale.ROOT, "scoring %,d sequences side by side", side),
                one * side,
                available,
                () ->
                        String.format(
                                Locale.ROOT, "batch=%d would fit", Math.max(1, available / one)));
    }

    private KvCache cache(Scope scope, int side, int positions) {
        ModelShape shape = language.model().shape();
        return backend.kvCache(
                scope,
                language.precision().activations(),
                shape.layers(),
                side,
                positions,
                shape.attentionWidth());
    }

    private void run(KvCache cache, Queue<List<Window>> questions, Listener listener) {
        List<Lane> all =
                Stream.generate(() -> new Lane(questions)).limit(cache.sequences()).toList();
        while (pass(cache, all, listener)) {
            stopIfInterrupted();
        }
    }

    static void stopIfInterrupted() {
        if (Thread.interrupted()) {
            throw new CancellationException("stopped");
        }
    }

    /** Sends pending tokens through the model; false when there are none. */
    private boolean pass(KvCache cache, List<Lane> all, Listener listener) {
        int[] ids = new int[TOKENS];
        int[] positions = new int[TOKENS];
        int[] indices = new int[all.size()];
        int[] counts = new int[all.size()];
        List<Prediction> predictions = new ArrayList<>();
        int tokens = 0;
        int taking = 0;
        for (int i = 0; i < all.size() && tokens < TOKENS; i++) {
            Lane lane = all.get(i);
            if (lane.open()) {
                int count = Math.min(lane.pending(), TOKENS - tokens);
                cache.setLength(i, lane.cached());
                for (int n = 0; n < count; n++) {
                    int position = lane.cached() + n;
                    ids[tokens] = lane.id(position);
                    positions[tokens] = position;
                    if (lane.predicts(position)) {
                        predictions.add(
                                new Prediction(
                                        tokens, lane.predicted(position), lane.place(position)));
                    }
                    tokens++;
                }
                lane.passed(count);
                indices[taking] = i;
                counts[taking++] = count;
            }
        }
        if (tokens == 0) {
            return false;
        }
        forward(
                taking == all.size() ? cache : cache.select(firstOf(indices, taking)),
                firstOf(counts, taking),
                firstOf(ids, tokens),
                firstOf(positions, tokens),
                predictions,
                listener);
        return true;
    }

    private static int[] firstOf(int[] values, int count) {
        return Arrays.copyOf(values, count);
    }

    private void forward(
            KvCache cache,
            int[] counts,
            int[] ids,
            int[] positions,
            List<Prediction> predictions,
            Listener listener) {
        try (Scope scope = backend.scope()) {
            CachedOps ops =
                    new CachedOps(
                            backend,
                            scope,
                            language.precision(),
                            language.layouts(),
                            cache,
                            counts);
            Tensor hidden =
                    language.model().hidden(ops, upload(scope, ids), upload(scope, positions));
            for (int from = 0; from < predictions.size(); from += ROWS) {
                rate(
                        hidden,
                        predictions.subList(from, Math.min(from + ROWS, predictions.size())),
                        cache,
                        counts,
                        listener);
            }
        }
    }

    private Tensor upload(Scope scope, int[] values) {
        Tensor tensor = scope.allocate(DType.INT32, Shape.of(1, values.length));
        backend.upload(tensor, values);
        return tensor;
    }

    private void rate(
            Tensor hidden,
            List<Prediction> predictions,
            KvCache cache,
            int[] counts,
            Listener listener) {
        int vocabulary = language.model().shape().vocabulary();
        int[] rows = predictions.stream().mapToInt(Prediction::row).toArray();
        try (Scope scope = backend.scope()) {
            CachedOps ops =
                    new CachedOps(
                            backend,
                            scope,
                            language.precision(),
                            language.layouts(),
                            cache,
                            counts);
            download(language.nextTokens(ops, hidden, HeadRows.of(upload(scope, rows))));
        }
        Softmax[] sums =
                IntStream.range(0, rows.length)
                        .parallel()
                        .mapToObj(row -> Softmax.of(logits, row * vocabulary, vocabulary))
                        .toArray(Softmax[]::new);
        for (int row = 0; row < rows.length; row++) {
            Prediction prediction = predictions.get(row);
            if (!Double.isFinite(sums[row].logSum())) {
                refuse(row, prediction);
            }
            for (Window window : prediction.windows()) {
                int target = window.target(prediction.place());
                window.rate(
                        logits[row * vocabulary + target] - sums[row].logSum(),
                        target == sums[row].likeliest());
                if (window.complete()) {
                    listener.on(window.index, window.likelihood());
                }
            }
        }
    }

    private void refuse(int row, Prediction prediction) {
        int vocabulary = language.model().shape().vocabulary();
        Window window = prediction.windows().getFirst();
        int length = window.from + 1 + prediction.place();
        InvalidScore.requireLogits(logits, row * vocabulary, vocabulary, window.index, length);
    }

    private void download(Tensor scores) {
        int size = Math.toIntExact(scores.shape().size());
        if (logits.length < size) {
            logits = new float[size];
        }
        backend.download(MemorySegment.ofArray(logits), scores);
    }
}
