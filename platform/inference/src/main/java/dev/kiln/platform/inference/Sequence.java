package dev.kiln.platform.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One text in the making: its tokens, how many of them the cache has seen, and its end. */
final class Sequence {
    private final int index;
    private final int promptLength;
    private final int context;
    private final int maxTokens;
    private final History history;
    private final TextStream text;
    private final List<Double> logProbabilities = new ArrayList<>();
    private int windowStart;
    private int cached;
    private Optional<Generation.End> end = Optional.empty();

    Sequence(int index, int[] prompt, int context, GenerationRequest request) {
        this.index = index;
        this.promptLength = prompt.length;
        this.context = context;
        this.maxTokens = request.maxTokens();
        this.history = new History(prompt);
        this.text = new TextStream(request.stop());
    }

    /** All tokens so far, in an array that has room for more. */
    static final class History {
        private int[] ids;
        private int length;

        History(int[] ids) {
            this.ids = ids.clone();
            this.length = ids.length;
        }

        int[] ids() {
            return ids;
        }

        int length() {
            return length;
        }

        private void add(int id) {
            if (length == ids.length) {
                ids = Arrays.copyOf(ids, 2 * length);
            }
            ids[length++] = id;
        }
    }

    int index() {
        return index;
    }

    History history() {
        return history;
    }

    boolean open() {
        return end.isEmpty();
    }

    /** Positions that the cache holds of this sequence. */
    int cached() {
        return cached;
    }

    /** Positions that the cache will hold at most. */
    int positions() {
        return (int) Math.min(context, (long) promptLength + maxTokens);
    }

    /** Tokens that the cache has not seen: at least 1 before a pass. */
    int pending() {
        return history.length - windowStart - cached;
    }

    /** Writes the first of the pending tokens and their positions. */
    void place(int count, int[] ids, int[] positions, int offset) {
        for (int i = 0; i < count; i++) {
            ids[offset + i] = history.ids[windowStart + cached + i];
            positions[offset + i] = cached + i;
        }
    }

    /** Notes that the cache has seen the first of the pending tokens. */
    void passed(int count) {
        cached += count;
    }

    /** Keeps the log-probability of the token that is then added. */
    void rate(double logProbability) {
        logProbabilities.add(logProbability);
    }

    void add(int id, LanguageModel language, TextListener listener) {
        history.add(id);
        boolean endOfText = language.ids().isEnd(id);
        tell(endOfText ? "" : text.add(language.tokenizer().decodeBytes(id)), listener);
        end = endAfter(endOfText);
        if (open()) {
            makeRoom();
        } else {
            tell(text.end(), listener);
        }
    }

    private Optional<Generation.End> endAfter(boolean endOfText) {
        if (endOfText) {
            return Optional.of(Generation.End.END_OF_TEXT);
        }
        if (text.stopped()) {
            return Optional.of(Generation.End.STOP);
        }
        return history.length - promptLength == maxTokens
                ? Optional.of(Generation.End.LENGTH)
                : Optional.empty();
    }

    private void tell(String certain, TextListener listener) {
        if (!certain.isEmpty()) {
            listener.on(index, certain);
        }
    }

    /** When the context is full, goes on from its second half, which is then computed anew. */
    private void makeRoom() {
        if (history.length - windowStart > context) {
            windowStart = history.length - Math.max(1, context / 2);
            cached = 0;
        }
    }

    /** What was written, once the sequence has ended. */
    Generation result() {
        List<Integer> written =
                Arrays.stream(history.ids, promptLength, history.length).boxed().toList();
        return new Generation(text.text(), written, logProbabilities, end.orElseThrow());
    }
}
