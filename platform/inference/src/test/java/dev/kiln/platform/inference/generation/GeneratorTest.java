package dev.kiln.platform.inference.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.autograd.DirectOps;
import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.inference.Generation;
import dev.kiln.platform.inference.GenerationRequest;
import dev.kiln.platform.models.FittedTokenizer;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.models.SpecialIds;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.generation.Sampler;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.FramedTokenizer;
import dev.kiln.testkit.fixtures.TinyDecoder;
import dev.kiln.testkit.fixtures.TinyHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Generation against the same model run over whole sequences, without a cache. Its attention is wider
 * than itself.
 */
class GeneratorTest {
    private static final int CONTEXT = 12;
    private static final Sampler LIKELIEST = (logits, history, length, key) -> argmax(logits);

    private final ReferenceBackend backend = new ReferenceBackend();
    private final Scope scope = backend.scope();
    private final LanguageModel language = language();

    private LanguageModel language() {
        return language(SpecialIds.of(new ByteTokenizer()));
    }

    private LanguageModel language(SpecialIds ids) {
        Parameters parameters = new Parameters(backend, scope, 3, false);
        Model model = new TinyDecoder(CONTEXT, 0.5, 0.6, 7).build(parameters, 257);
        return new LanguageModel(
                backend,
                Precision.FLOAT32,
                model,
                new TinyHead().attach(parameters, model),
                new ByteTokenizer(),
                ids,
                new Layouts());
    }

    @Test
    void aLogitThatIsNoNumberIsNamedAndNoTokenIsChosen() {
        Parameters parameters = new Parameters(backend, scope, 3, false);
        Model model = new TinyDecoder(CONTEXT, 0.5, 0.6).build(parameters, 257);
        TaskHead.Attached head = new TinyHead().attach(parameters, model);
        Weight table = parameters.all().getFirst();
        float[] values = backend.floats(table.value());
        values[7 * 8] = Float.NaN; // row 7 of the table of embeddings, 8 wide
        backend.upload(table.value(), values);
        LanguageModel broken =
                new LanguageModel(
                        backend,
                        Precision.FLOAT32,
                        model,
                        head,
                        new ByteTokenizer(),
                        new Layouts());
        GenerationRequest request = new GenerationRequest(3, LIKELIEST, List.of(), 1);
        InvalidInput problem =
                assertThrows(
                        InvalidInput.class,
                        () ->
                                new Generator(broken)
                                        .generate(
                                                List.of(new int[] {1, 2}),
                                                request,
                                                TextListener.NONE));
        assertEquals(
                "prompt 1: after 2 tokens the model's logit of token 7 is NaN; expected a number",
                problem.getMessage());
    }

    @AfterEach
    void close() {
        scope.close();
        backend.close();
    }

    private static int argmax(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    private static GenerationRequest request(int maxTokens, String... stop) {
        return new GenerationRequest(maxTokens, LIKELIEST, List.of(stop), 1, true);
    }

    /** Logits after the last of these ids, from the whole sequence at once. */
    private float[] logits(int[] ids) {
        try (Scope step = backend.scope()) {
            DirectOps ops = new DirectOps(backend, step, Precision.FLOAT32, new Layouts());
            Tensor hidden =
                    language.model()
                            .hidden(
                                    ops,
                                    ints(step, ids),
                                    ints(step, IntStream.range(0, ids.length).toArray()));
            Tensor last = step.allocate(DType.INT32, Shape.of(1));
            backend.upload(last, ids.length - 1);
            return backend.floats(language.head().scores(ops, hidden, HeadRows.of(last)));
        }
    }

    private int[] prompt(int length, int seed) {
        return IntStream.range(0, length).map(i -> (i * i + seed * i + seed) % 256).toArray();
    }

    /** 100 prompts of 5 to 12 tokens: more than a pass takes, so the border is inside of one. */
    @Test
    void promptsThatDoNotFitOnePassAreReadInPieces() {
        List<int[]> prompts = IntStream.range(0, 100).mapToObj(i -> prompt(5 + i % 8, i)).toList();
        List<Generation> written =
                new Generator(language).generate(prompts, request(4), TextListener.NONE);
        for (int i = 0; i < prompts.size(); i++) {
            assertEquals(expected(prompts.get(i), 4), written.get(i).ids(), "prompt " + i);
        }
    }

    @Test
    void logProbabilitiesDoNotDependOnWhatElseIsWritten() {
        List<int[]> prompts = List.of(prompt(9, 1), prompt(1, 2), prompt(12, 3), prompt(5, 4));
        List<Generation> together =
                new Generator(language).generate(prompts, request(20), TextListener.NONE);
        for (int i = 0; i < prompts.size(); i++) {
            Generation alone =
                    new Generator(language)
                            .generate(List.of(prompts.get(i)), request(20), TextListener.NONE)
                            .getFirst();
            assertEquals(alone.ids(), together.get(i).ids());
            assertArrayEquals(
                    alone.logProbabilities().stream().mapToDouble(p -> p).toArray(),
                    together.get(i).logProbabilities().stream().mapToDouble(p -> p).toArray(),
                    1e-6);
        }
    }

    @Test
    void onlyWhatIsPendingOfOpenSequencesIsComputed() {
        Sampler endsFirst =
                (logits, history, length, key) -> history[0] == 65 && length == 5 ? 256 : 97;
        List<String> passes = new ArrayList<>();
        new Generator(language)
                .generate(
                        List.of(new int[] {65, 1, 2}, new int[] {66}),
                        new GenerationRequest(5, endsFirst, List.of(), 1),
                        TextListener.NONE,
                        (tokens, chosen, nanos) -> passes.add(tokens + " for " + chosen));
        // 3 + 1 tokens of the prompts; both; both; then the first one has ended with its third.
        assertEquals(List.of("4 for 2", "2 for 2", "2 for 2", "1 for 1", "1 for 1"), passes);
    }

    @Test
    void logProbabilitiesAreLeftOutWhereNobodyAsks() {
        Generation written =
                new Generator(language)
                        .generate(
                                List.of(new int[] {65}),
                                new GenerationRequest(2, LIKELIEST, List.of(), 1),
                                TextListener.NONE)
                        .getFirst();
        assertEquals(2, written.ids().size());
        assertEquals(List.of(), written.logProbabilities());
    }

    private Tensor ints(Scope step, int[] ids) {
        Tensor tensor = step.allocate(DType.INT32, Shape.of(1, ids.length));
        backend.upload(tensor, ids);
        return tensor;
    }

    /** What the likeliest token after each prefix is, with the window of the context as described. */
    private List<Integer> expected(int[] prompt, int count) {
        int[] window = prompt;
        List<Integer> written = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int next = argmax(logits(window));
            written.add(next);
            window = Arrays.copyOf(window, window.length + 1);
            window[window.length - 1] = next;
            if (window.length > CONTEXT) {
                window = Arrays.copyOfRange(window, window.length - CONTEXT / 2, window.length);
            }
        }
        return written;
    }

    @Test
    void promptsOfDifferentLengthsAreContinuedAsEachWouldBeAlone() {
        List<int[]> prompts =
                List.of(new int[] {65, 66, 67, 68, 69}, new int[] {90}, new int[] {1, 2});
        List<Generation> written =
                new Generator(language).generate(prompts, request(6), TextListener.NONE);
        for (int i = 0; i < prompts.size(); i++) {
            assertEquals(expected(prompts.get(i), 6), written.get(i).ids(), "prompt " + i);
            assertEquals(Generation.End.LENGTH, written.get(i).end());
        }
    }

    @Test
    void aSequenceThatFillsTheContextGoesOnFromItsSecondHalf() {
        List<int[]> prompts = List.of(new int[] {65, 66, 67, 68, 69}, new int[] {90});
        List<Generation> written =
                new Generator(language).generate(prompts, request(30), TextListener.NONE);
        assertEquals(expected(prompts.get(0), 30), written.get(0).ids());
        assertEquals(expected(prompts.get(1), 30), written.get(1).ids());
    }

    @Test
    void logProbabilitiesAreThoseOfTheModel() {
        int[] prompt = {65, 66};
        Generation written =
                new Generator(language)
                        .generate(List.of(prompt), request(1), TextListener.NONE)
                        .getFirst();
        float[] logits = logits(prompt);
        double sum = IntStream.range(0, 257).mapToDouble(i -> Math.exp(logits[i])).sum();
        double expected = logits[written.ids().getFirst()] - Math.log(sum);
        assertEquals(expected, written.logProbabilities().getFirst(), 1e-5);
    }

    private LanguageModel with(Tokenizer tokenizer) {
        return new LanguageModel(
                language.backend(),
                language.precision(),
                language.model(),
                language.head(),
                tokenizer,
                language.layouts());
    }

    @Test
    void aPromptHasWhatItsTokenizerPutsAroundATextAndSpecialTokensWhereTheyAreAsked() {
        LanguageModel framed = with(new FramedTokenizer(7));
        assertArrayEquals(new int[] {7, 'h', 'i'}, framed.prompt("hi", false));
        assertArrayEquals(new int[] {7}, framed.prompt("", true));
        assertArrayEquals(new int[] {'h', 'i'}, language.prompt("hi", false));
    }

    /** As transformers' log-softmax, which is over the model's ids. */
    @Test
    void idsWithoutATokenAreNeverWrittenButCountInLogProbabilities() {
        LanguageModel padded = with(new FittedTokenizer(new ByteTokenizer(), 100));
        int[] prompt = {65, 66};
        Generation written =
                new Generator(padded)
                        .generate(List.of(prompt), request(1), TextListener.NONE)
                        .getFirst();
        float[] logits = logits(prompt);
        double sum = IntStream.range(0, 257).mapToDouble(i -> Math.exp(logits[i])).sum();
        int id = written.ids().getFirst();
        assertTrue(id < 100, "id " + id);
        assertEquals(logits[id] - Math.log(sum), written.logProbabilities().getFirst(), 1e-5);
    }

    @Test
    void whatIsHeardWhileWritingIsTheTextInTheEnd() {
        StringBuilder heard = new StringBuilder();
        Generation written =
                new Generator(language)
                        .generate(
                                List.of(new int[] {65}),
                                request(20),
                                (sequence, text) -> heard.append(text))
                        .getFirst();
        assertEquals(written.text(), heard.toString());
    }

    @Test
    void endOfTextEndsASequenceWhileOthersGoOn() {
        Sampler endFirst =
                (logits, history, length, key) -> history[0] == 65 ? 256 : 97 + length % 3;
        List<Generation> written =
                new Generator(language)
                        .generate(
                                List.of(new int[] {65, 65}, new int[] {66, 66}),
                                new GenerationRequest(20, endFirst, List.of("ca"), 1),
                                TextListener.NONE);
        assertEquals(Generation.End.END_OF_TEXT, written.get(0).end());
        assertEquals("", written.get(0).text());
        assertEquals(Generation.End.STOP, written.get(1).end());
        assertEquals("", written.get(1).text());
        assertArrayEquals(
                new int[] {99, 97}, written.get(1).ids().stream().mapToInt(i -> i).toArray());
    }

    @Test
    void anEmptyPromptStartsFromTheEndOfTextToken() {
        Generation written =
                new Generator(language)
                        .generate(List.of(new int[0]), request(3), TextListener.NONE)
                        .getFirst();
        assertEquals(expected(new int[] {256}, 3), written.ids());
    }

    @Test
    void anEmptyPromptStartsFromTheBeginningsIdWhereThereIsOne() {
        SpecialIds ids = new SpecialIds(OptionalInt.of(90), List.of(3, 256), OptionalInt.empty());
        Generation written =
                new Generator(language(ids))
                        .generate(List.of(new int[0]), request(3), TextListener.NONE)
                        .getFirst();
        assertEquals(expected(new int[] {90}, 3), written.ids());
    }

    @Test
    void anyOfTheEndsEndsASequence() {
        SpecialIds ids = new SpecialIds(OptionalInt.empty(), List.of(98, 97), OptionalInt.empty());
        Sampler next = (logits, history, length, key) -> history[length - 1] - 1;
        List<Generation> written =
                new Generator(language(ids))
                        .generate(
                                List.of(new int[] {101}, new int[] {98}),
                                new GenerationRequest(20, next, List.of(), 1),
                                TextListener.NONE);
        assertEquals(List.of(100, 99, 98), written.get(0).ids());
        assertEquals("dc", written.get(0).text());
        assertEquals(List.of(97), written.get(1).ids());
        assertEquals(Generation.End.END_OF_TEXT, written.get(1).end());
    }

    @Test
    void anEmptyPromptWithoutBeginningOrEndIsRefused() {
        Generator generator = new Generator(language(SpecialIds.NONE));
        InvalidInput error =
                assertThrows(
                        InvalidInput.class,
                        () ->
                                generator.generate(
                                        List.of(new int[0]), request(1), TextListener.NONE));
        assertEquals(
                "an empty prompt needs a token that texts begin or end with; neither the model's"
                        + " configs nor its tokenizer have one",
                error.getMessage());
    }

    @Test
    void aPromptThatDoesNotFitTheContextIsRefused() {
        InvalidInput error =
                assertThrows(
                        InvalidInput.class,
                        () ->
                                new Generator(language)
                                        .generate(
                                                List.of(new int[13]),
                                                request(1),
                                                TextListener.NONE));
        assertEquals("prompt 1 has 13 tokens, the model's context holds 12", error.getMessage());
    }
}
