package dev.kiln.platform.inference;

import dev.kiln.platform.models.InvalidScore;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.spi.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A text in the making. */
final class GeneratedSequence extends Sequence {
    private final LanguageModel language;
    private final GenerationRequest request;
    private final int sample;
    private final GenerationListener listener;
    private final int promptLength;
    private final Tokens tokens;
    private final TextStream text;
    private final List<Double> logProbabilities = new ArrayList<>();
    private Optional<Generation.End> end = Optional.empty();

    GeneratedSequence(
            LanguageModel language,
            int[] prompt,
            GenerationRequest request,
            int sample,
            GenerationListener listener) {
        this.language = language;
        this.request = request;
        this.sample = sample;
        this.listener = listener;
        this.promptLength = prompt.length;
        this.tokens = new Tokens(prompt);
        this.text = new TextStream(request.stop());
    }

    @Override
    Tokens tokens() {
        return tokens;
    }

    @Override
    int askedFrom() {
        return tokens.positions() - 1;
    }

    @Override
    boolean needsSoftmax() {
        return request.logProbabilities();
    }

    @Override
    boolean ended() {
        return end.isPresent();
    }

    @Override
    void fail(InvalidScore problem) {
        listener.failed(problem);
    }

    @Override
    void take(int position, LogitRow row) {
        int length = tokens.length();
        long key = Randomness.key(request.seed(), sample, length);
        int next = request.sampler().next(row.ofTokens(), tokens.ids(), length, key);
        if (request.logProbabilities()) {
            logProbabilities.add(row.logProbability(next));
        }
        add(next);
    }

    private void add(int id) {
        tokens.add(id);
        boolean endOfText = language.ids().isEnd(id);
        tell(endOfText ? "" : text.add(language.tokenizer().decodeBytes(id)));
        end = endAfter(endOfText);
        if (end.isEmpty()) {
            makeRoom();
        } else {
            tell(text.end());
            listener.ended(result(end.get()));
        }
    }

    private Optional<Generation.End> endAfter(boolean endOfText) {
        if (endOfText) {
            return Optional.of(Generation.End.END_OF_TEXT);
        }
        if (text.stopped()) {
            return Optional.of(Generation.End.STOP);
        }
        return tokens.length() - promptLength == request.maxTokens()
                ? Optional.of(Generation.End.LENGTH)
                : Optional.empty();
    }

    private void tell(String certain) {
        if (!certain.isEmpty()) {
            listener.wrote(certain);
        }
    }

    /** When the context is full, goes on from its second half, which is then computed anew. */
    private void makeRoom() {
        int context = language.model().shape().context();
        if (tokens.positions() > context) {
            tokens.keepLast(Math.max(1, context / 2));
            setCached(0);
        }
    }

    private Generation result(Generation.End why) {
        List<Integer> written =
                Arrays.stream(tokens.ids(), promptLength, tokens.length()).boxed().toList();
        return new Generation(text.text(), written, logProbabilities, why);
    }
}
