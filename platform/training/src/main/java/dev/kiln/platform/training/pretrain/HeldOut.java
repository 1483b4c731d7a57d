package dev.kiln.platform.training.pretrain;

import dev.kiln.platform.autograd.DirectOps;
import dev.kiln.platform.models.InvalidScore;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.training.corpus.Corpus;
import dev.kiln.platform.training.corpus.TokenBuffer;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.Tokens;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.text.Tokenizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Measures a model on held-out tokens: every token once, in windows of the model's context that do
 * not overlap. The first token is predicted from the end-of-text token if there is one, else it is
 * only context.
 */
public final class HeldOut {
    private final Tokens tokens;
    private final LanguageModel language;
    private final UnaryOperator<Ops> around;
    private final int batch;
    private final int length;
    private final int before;
    private final long predicted;
    private final long bytes;

    /**
     * @param around what the model's operations are wrapped in
     * @param most number of tokens to measure
     */
    HeldOut(
            Tokens tokens,
            LanguageModel language,
            UnaryOperator<Ops> around,
            long most,
            int batch) {
        this.tokens = tokens;
        this.language = language;
        this.around = around;
        this.batch = batch;
        length = language.model().shape().context();
        before = language.tokenizer().endOfText().orElse(-1);
        long available = before < 0 ? tokens.size() - 1 : tokens.size();
        predicted = Math.min(most, available);
        bytes = bytes();
    }

    /**
     * Measures a model on a text.
     *
     * @param batch windows at a time
     * @throws InvalidInput when the text has too few tokens to predict one, or the loss of one is no
     *     number
     */
    public static Result measure(String text, LanguageModel language, int batch) {
        TokenBuffer tokens = new TokenBuffer();
        tokens.add(language.tokenizer().encode(text));
        if (tokens.size() < 2) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "the text has %d tokens, expected 2 or more to measure on",
                            tokens.size()));
        }
        return new HeldOut(tokens, language, UnaryOperator.identity(), Long.MAX_VALUE, batch)
                .measure();
    }

    /**
     * Measures a model on the held-out part of a corpus, of a mixture by the parts' shares.
     *
     * @param batch windows at a time
     * @throws InvalidInput when nothing is held out, there is too little to train on, or the loss of a
     *     token is no number
     */
    public static Result measure(DataSource source, LanguageModel language, int batch) {
        Corpus corpus =
                Corpus.read(source, language.tokenizer(), language.model().shape().context());
        if (!corpus.holdsOut()) {
            throw new InvalidInput("no text is held out to measure on");
        }
        PretrainOptions.Evaluation all =
                new PretrainOptions.Evaluation(1, Optional.empty(), batch, Optional.empty());
        return new HeldOutParts(corpus, language, UnaryOperator.identity(), all)
                .measure()
                .orElseThrow()
                .total();
    }

    /**
     * What was measured.
     *
     * @param loss nats a token
     * @param bytesPerToken how many bytes of the text a token stands for on average
     */
    public record Result(double loss, double bytesPerToken) {
        public double perplexity() {
            return Math.exp(loss);
        }

        /** The information of the loss spread over the bytes of the text. */
        public double bitsPerByte() {
            return loss / Math.log(2) / bytesPerToken;
        }
    }

    long size() {
        return predicted;
    }

    /**
     * @throws InvalidScore when the loss of a token is no number
     */
    Result measure() {
        double nats = 0;
        int perBatch = batch * length;
        for (long from = 0; from < predicted; from += perBatch) {
            nats += nats(from, (int) Math.min(perBatch, predicted - from));
        }
        return new Result(nats / predicted, (double) bytes / predicted);
    }

    /** The summed loss of targets [from, from + count). */
    private double nats(long from, int count) {
        int rows = Math.ceilDiv(count, length);
        int[] stream = new int[rows * length + 1];
        int virtual = before < 0 ? 0 : 1;
        int copyFrom = from == 0 ? virtual : 0;
        if (copyFrom == 1) {
            stream[0] = before;
        }
        tokens.copy(from - virtual + copyFrom, stream, copyFrom, count + 1 - copyFrom);
        int[] ids = Arrays.copyOf(stream, rows * length);
        int[] targets = Arrays.copyOfRange(stream, 1, rows * length + 1);
        float[] weights = new float[ids.length];
        Arrays.fill(weights, 0, count, 1);
        float[] losses = losses(ids, targets, weights);
        double sum = 0;
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(losses[i])) {
                throw InvalidScore.ofLoss(losses[i], tokens.place(from + i + 1 - virtual));
            }
            sum += losses[i];
        }
        return sum;
    }

    private float[] losses(int[] ids, int[] targets, float[] weights) {
        Backend backend = language.backend();
        try (Scope scope = backend.scope()) {
            TextBatch one = TextBatch.upload(backend, scope, length, ids, targets, weights);
            Ops ops =
                    around.apply(
                            new DirectOps(
                                    backend, scope, language.precision(), language.layouts()));
            return backend.floats(new TextObjective(language).losses(ops, one).getFirst());
        }
    }

    /** The bytes that the predicted tokens stand for. */
    private long bytes() {
        Tokenizer tokenizer = language.tokenizer();
        long first = before < 0 ? 1 : 0;
        int[] chunk = new int[1 << 16];
        long sum = 0;
        for (long from = first; from < first + predicted; from += chunk.length) {
            int count = (int) Math.min(chunk.length, first + predicted - from);
            tokens.copy(from, chunk, 0, count);
            sum += tokenizer.decodeBytes(Arrays.copyOf(chunk, count)).length;
        }
        return sum;
    }
}
