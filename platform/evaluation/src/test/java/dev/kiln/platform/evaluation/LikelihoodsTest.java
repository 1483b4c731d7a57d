package dev.kiln.platform.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.autograd.DirectOps;
import dev.kiln.platform.inference.Likelihood;
import dev.kiln.platform.models.InvalidScore;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Likelihoods against the same model run over each whole sequence alone, without a cache. */
class LikelihoodsTest {
    private static final int CONTEXT = 24;

    private final TinyLanguage tiny = new TinyLanguage(CONTEXT);
    private final LanguageModel language = tiny.model();

    @TempDir private Path folder = Path.of("");
    private int files;

    @AfterEach
    void close() {
        tiny.close();
    }

    private static int[] ids(int length, int seed) {
        return IntStream.range(0, length).map(i -> (i * i * 7 + seed * i + seed) % 256).toArray();
    }

    private static LikelihoodRequest request(int[] context, int... continuation) {
        return new LikelihoodRequest(context, continuation);
    }

    private List<Likelihood> scored(int batch, List<LikelihoodRequest> requests) {
        try (RequestCache cache =
                new RequestCache(folder.resolve("requests-" + files++ + ".txt"), "tiny")) {
            return new Answers(language, cache, batch).likelihoods(requests);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By the definition: the log-softmax of the logits at each place of the whole sequence. */
    private Likelihood expected(LikelihoodRequest request) {
        int[] whole =
                IntStream.concat(
                                IntStream.of(request.context()),
                                IntStream.of(request.continuation()))
                        .toArray();
        int[] seen =
                Arrays.copyOfRange(
                        whole, Math.max(0, whole.length - 1 - CONTEXT), whole.length - 1);
        double sum = 0;
        boolean greedy = true;
        int first = seen.length - request.continuation().length;
        float[] logits = logits(seen);
        int vocabulary = language.model().shape().vocabulary();
        for (int i = 0; i < request.continuation().length; i++) {
            float[] row =
                    Arrays.copyOfRange(
                            logits, (first + i) * vocabulary, (first + i + 1) * vocabulary);
            int target = request.continuation()[i];
            double all = IntStream.range(0, vocabulary).mapToDouble(t -> Math.exp(row[t])).sum();
            sum += row[target] - Math.log(all);
            greedy &= IntStream.range(0, vocabulary).allMatch(t -> row[t] <= row[target]);
        }
        return new Likelihood(sum, request.continuation().length, greedy);
    }

    private float[] logits(int[] ids) {
        try (Scope step = tiny.backend().scope()) {
            DirectOps ops =
                    new DirectOps(tiny.backend(), step, language.precision(), language.layouts());
            Tensor hidden =
                    language.model()
                            .hidden(
                                    ops,
                                    ints(step, ids),
                                    ints(step, IntStream.range(0, ids.length).toArray()));
            return tiny.backend().floats(language.nextTokens(ops, hidden, HeadRows.ALL));
        }
    }

    private Tensor ints(Scope step, int[] ids) {
        Tensor tensor = step.allocate(DType.INT32, Shape.of(1, ids.length));
        tiny.backend().upload(tensor, ids);
        return tensor;
    }

    private void check(int batch, List<LikelihoodRequest> requests) {
        List<Likelihood> scored = scored(batch, requests);
        for (int i = 0; i < requests.size(); i++) {
            Likelihood expected = expected(requests.get(i));
            assertEquals(expected.sum(), scored.get(i).sum(), 1e-4, "request " + i);
            assertEquals(expected.tokens(), scored.get(i).tokens());
            assertEquals(expected.greedy(), scored.get(i).greedy(), "request " + i);
        }
    }

    /** Choices of one and of several tokens, some of which begin alike. */
    @Test
    void choicesOfOneQuestionAreEachAsLikelyAsAlone() {
        int[] context = ids(9, 3);
        check(
                2,
                List.of(
                        request(context, 5),
                        request(context, 6, 7, 8),
                        request(context, 6, 7, 9, 10),
                        request(context, 6),
                        request(ids(4, 1), 6, 7, 8)));
    }

    @Test
    void questionsThatBeginAlikeShareWhatTheyReadAndNothingElse() {
        List<LikelihoodRequest> requests = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int[] context = Arrays.copyOf(ids(10, 2), 10 + i % 5);
            context[context.length - 1] = i;
            requests.add(request(context, i, 3));
            requests.add(request(context, 4));
        }
        check(1, requests);
        check(3, requests);
        check(100, requests);
    }

    /** A context that is the beginning of another, and one that is another's with its answer. */
    @Test
    void aContextMayBeTheBeginningOfAnother() {
        check(
                1,
                List.of(
                        request(new int[] {1, 2}, 3, 4),
                        request(new int[] {1, 2, 3}, 4, 5),
                        request(new int[] {1, 2, 3, 4}, 5),
                        request(new int[] {1}, 2, 3, 4)));
    }

    @Test
    void aContextThatIsTooLongLosesItsBeginning() {
        check(2, List.of(request(ids(40, 5), 1, 2, 3), request(ids(40, 5), 7)));
        check(1, List.of(request(ids(1, 5), ids(CONTEXT, 9))));
    }

    /** 60 × 23 tokens: more than a pass takes, so that borders of passes lie inside of sequences. */
    @Test
    void moreThanOnePassTakesIsReadInPieces() {
        check(
                60,
                IntStream.range(0, 60)
                        .mapToObj(i -> request(ids(20, i), i, i + 1, i + 2, i + 3))
                        .toList());
    }

    @Test
    void theLikeliestContinuationIsGreedy() {
        int[] context = ids(6, 1);
        int vocabulary = language.model().shape().vocabulary();
        List<Likelihood> all =
                scored(
                        1,
                        IntStream.range(0, vocabulary)
                                .mapToObj(token -> request(context, token))
                                .toList());
        assertEquals(1, all.stream().filter(Likelihood::greedy).count());
        assertEquals(1, all.stream().mapToDouble(one -> Math.exp(one.sum())).sum(), 1e-5);
        double most = all.stream().mapToDouble(Likelihood::sum).max().orElseThrow();
        assertTrue(all.stream().anyMatch(one -> one.greedy() && one.sum() == most));
    }

    /** Position 6 reads the seventh token: the first six predict as before. */
    @Test
    void aLogitThatIsNoNumberIsNamedWithItsRequestAndPlace() {
        tiny.breakFrom(6);
        List<LikelihoodRequest> requests =
                List.of(
                        request(ids(6, 1), 5),
                        request(ids(4, 2), 1, 2, 3, 4, 5),
                        request(ids(5, 3), 7));
        for (int batch : new int[] {1, 3}) {
            InvalidScore refused = assertThrows(InvalidScore.class, () -> scored(batch, requests));
            assertEquals(
                    "prompt 2: after 7 tokens the model's logit of token 0 is NaN; expected a number",
                    refused.getMessage());
        }
    }

    @Test
    void nothingAskedIsNothingDone() {
        assertEquals(List.of(), scored(2, List.of()));
    }

    @Test
    void anInterruptedThreadStops() {
        Thread.currentThread().interrupt();
        assertThrows(
                CancellationException.class,
                () -> scored(1, List.of(request(ids(3, 1), 1), request(ids(3, 2), 1))));
    }
}
