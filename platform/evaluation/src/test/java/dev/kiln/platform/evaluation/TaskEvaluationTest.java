package dev.kiln.platform.evaluation;

import static dev.kiln.platform.evaluation.DataTask.example;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.platform.inference.Likelihood;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures of a random model, each worked out anew from the likelihoods of single requests. */
class TaskEvaluationTest {
    private static final int CONTEXT = 32;
    private static final List<String> TEXTS = List.of("one", "two", "three", "four", "five");

    @TempDir private Path folder;
    private final TinyLanguage tiny = new TinyLanguage(CONTEXT);
    private final RequestEncoder encoder = new RequestEncoder(tiny.model().tokenizer(), CONTEXT);
    private RequestCache cache;
    private int alone;
    private TaskEvaluation evaluation;

    @BeforeEach
    void open() throws IOException {
        cache = new RequestCache(folder.resolve("requests.txt"), "tiny");
    }

    @AfterEach
    void close() throws IOException {
        cache.close();
        tiny.close();
    }

    private Map<String, Double> figures(DataTask task, int shots) {
        List<Example> examples = task.examples(TaskPart.TEST);
        Answers answers = new Answers(tiny.model(), cache, 2);
        evaluation =
                new TaskEvaluation(
                        task.form(),
                        examples,
                        Shots.draw(task.form(), task.examples(TaskPart.TRAIN), examples, shots, 1),
                        shots,
                        encoder,
                        answers,
                        6);
        Map<String, Double> figures = new LinkedHashMap<>();
        for (Measure measure : evaluation.measures()) {
            figures.put(
                    measure.name(),
                    measure.figure().of(IntStream.range(0, examples.size()).toArray()));
        }
        return figures;
    }

    private Likelihood likelihood(String context, String continuation) {
        return alone(encoder.continuations(context, List.of(continuation))).getFirst();
    }

    /** Nothing that was asked before is known. */
    private List<Likelihood> alone(List<LikelihoodRequest> requests) {
        try (RequestCache none =
                new RequestCache(folder.resolve("alone-" + alone++ + ".txt"), "tiny")) {
            return new Answers(tiny.model(), none, 1).likelihoods(requests);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Example[] examples(IntFunction<Answer> answer) {
        return IntStream.range(0, TEXTS.size())
                .mapToObj(i -> example("e" + i, TEXTS.get(i), answer.apply(i)))
                .toArray(Example[]::new);
    }

    /** Labels of different lengths, so that the three ways of comparing differ. */
    @Test
    void labelsAreComparedByTheirLikelihoodsRawByTokenAndByByte() {
        List<String> labels = List.of("x", "yes it is", "é");
        DataTask task =
                DataTask.of(
                        TaskKind.CLASSIFICATION,
                        labels,
                        Metric.ACCURACY,
                        examples(i -> new Answer.Choice(i % 3)));
        Map<String, Double> figures = figures(task, 0);
        double raw = 0;
        double byToken = 0;
        double byByte = 0;
        for (int i = 0; i < TEXTS.size(); i++) {
            double[][] scores = new double[3][3];
            for (int c = 0; c < 3; c++) {
                Likelihood one = likelihood(TEXTS.get(i), " " + labels.get(c));
                scores[0][c] = one.sum();
                scores[1][c] = one.sum() / one.tokens();
                scores[2][c] = one.sum() / new int[] {1, 9, 2}[c];
            }
            raw += Statistics.highest(scores[0]) == i % 3 ? 0.2 : 0;
            byToken += Statistics.highest(scores[1]) == i % 3 ? 0.2 : 0;
            byByte += Statistics.highest(scores[2]) == i % 3 ? 0.2 : 0;
        }
        assertEquals(raw, figures.get("accuracy"), 1e-12);
        assertEquals(byToken, figures.get("accuracy/token"), 1e-12);
        assertEquals(byByte, figures.get("accuracy/byte"), 1e-12);
    }

    @Test
    void aClozeIsRightWhenItsWordIsGreedyAndHasThePerplexityOfTheWord() {
        DataTask task =
                DataTask.of(
                        TaskKind.CLOZE,
                        List.of(),
                        Metric.ACCURACY,
                        examples(i -> new Answer.Words(List.of("end"))));
        Map<String, Double> figures = figures(task, 0);
        double sum = TEXTS.stream().mapToDouble(text -> likelihood(text, " end").sum()).sum();
        assertEquals(Math.exp(-sum / 5), figures.get("perplexity/word"), 1e-2);
        assertEquals(Math.exp(-sum / 20), figures.get("perplexity/token"), 1e-3);
        long greedy = TEXTS.stream().filter(text -> likelihood(text, " end").greedy()).count();
        assertEquals(greedy / 5.0, figures.get("accuracy"), 1e-12);
        assertEquals("accuracy", figures.keySet().iterator().next());
    }

    /** 40 bytes in a context of 32: two windows, as in the encoder's test. */
    @Test
    void aDocumentsPerplexityIsThatOfAllItsTokens() {
        String text = "a b c d ".repeat(5);
        DataTask task =
                DataTask.of(
                        TaskKind.TEXT,
                        List.of(),
                        Metric.PERPLEXITY,
                        example("d", text, new Answer.Unknown()));
        double sum = alone(encoder.document(text)).stream().mapToDouble(Likelihood::sum).sum();
        Map<String, Double> figures = figures(task, 0);
        assertEquals(Math.exp(-sum / 40), figures.get("perplexity/token"), 1e-3);
        assertEquals(Math.exp(-sum / 40), figures.get("perplexity/byte"), 1e-3);
        // Python's re.split counts what is behind the last space too.
        assertEquals(1, Math.exp(-sum / 21) / figures.get("perplexity/word"), 1e-5);
        assertEquals(-sum / 40 / Math.log(2), figures.get("bits/byte"), 1e-5);
    }

    /** What the model writes is asked for first, and then accepted. */
    @Test
    void aFreeAnswerIsWhatTheModelFindsLikeliest() {
        String written =
                new Answers(tiny.model(), cache, 1)
                        .written(List.of(encoder.prompt(encoder.tokenizer().encode("one"), 6)), 6)
                        .getFirst();
        DataTask task =
                DataTask.of(
                        TaskKind.FREE_ANSWER,
                        List.of(),
                        Metric.EXACT_MATCH,
                        example("e", "one", new Answer.Words(List.of("no", written))),
                        example("f", "two", new Answer.Words(List.of("nothing like it"))));
        assertEquals(0.5, figures(task, 0).get("exact match"), 1e-12);
    }

    @Test
    void solvedExamplesGoBeforeTheQuestion() {
        DataTask task =
                DataTask.of(
                                TaskKind.CLOZE,
                                List.of(),
                                Metric.PERPLEXITY,
                                example("e", "one", new Answer.Words(List.of("1"))))
                        .train(example("t", "nil", new Answer.Words(List.of("0"))));
        double sum = likelihood("nil 0\n\none", " 1").sum();
        assertEquals(Math.exp(-sum / 2), figures(task, 1).get("perplexity/token"), 1e-3);
        assertEquals(new TaskScore.PromptCounts(0, 0, 0, 0), evaluation.counts());
    }

    @Test
    void aQuestionAmongItsOwnSolvedExamplesIsLeftOutAndCounted() {
        Answer answer = new Answer.Words(List.of("1"));
        Example asked = example("t", "one", answer);
        Example other = example("other", "two", answer);
        DataTask task =
                DataTask.of(TaskKind.CLOZE, List.of(), Metric.PERPLEXITY, asked)
                        .train(asked, asked, asked, asked, other, asked, asked, asked);
        double sum = likelihood("two 1\n\none", " 1").sum();
        assertEquals(Math.exp(-sum / 2), figures(task, 1).get("perplexity/token"), 1e-3);
        assertEquals(new TaskScore.PromptCounts(0, 0, 0, 1), evaluation.counts());
    }

    /** "nil 0\n\n" has 7 bytes: four fit with 3 + 1 of a question, two with 15 + 1. */
    @Test
    void wholeSolvedExamplesAreLeftOutWhereTheyDoNotFit() {
        Example solved = example("t", "nil", new Answer.Words(List.of("0")));
        DataTask task =
                DataTask.of(
                                TaskKind.CLOZE,
                                List.of(),
                                Metric.PERPLEXITY,
                                example("e", "one", new Answer.Words(List.of(""))),
                                example("f", "fifteen letters", new Answer.Words(List.of(""))))
                        .train(solved, solved, solved, solved);
        figures(task, 4);
        assertEquals(new TaskScore.PromptCounts(1, 2, 0, 0), evaluation.counts());
    }

    @Test
    void aQuestionLongerThanTheContextIsCounted() {
        DataTask task =
                DataTask.of(
                        TaskKind.CLOZE,
                        List.of(),
                        Metric.ACCURACY,
                        example("e", "x".repeat(33), new Answer.Words(List.of("y"))),
                        example("f", "x".repeat(31), new Answer.Words(List.of("y"))));
        figures(task, 0);
        assertEquals(1, evaluation.counts().cut());
    }

    @Test
    void anAnswerOutsideTheLabelsIsRefused() {
        DataTask task =
                DataTask.of(
                        TaskKind.CLASSIFICATION,
                        List.of("a", "b"),
                        Metric.ACCURACY,
                        example("e", "x", new Answer.Choice(2)));
        assertEquals(
                "task 'letters', e: expected one of 2 labels or choices as its answer, got"
                        + " Choice[index=2]",
                assertThrows(InvalidInput.class, () -> figures(task, 0)).getMessage());
    }

    @Test
    void anAnswerLongerThanTheContextIsRefused() {
        DataTask task =
                DataTask.of(
                        TaskKind.CLOZE,
                        List.of(),
                        Metric.ACCURACY,
                        example("e", "x", new Answer.Words(List.of("y".repeat(32)))));
        assertEquals(
                "task 'letters', e: an answer has 33 tokens, the model's context holds 32",
                assertThrows(InvalidInput.class, () -> figures(task, 0)).getMessage());
    }

    private void assertNoNumber(String example, int length, DataTask task) {
        assertEquals(
                "task 'letters', "
                        + example
                        + ": after "
                        + length
                        + " tokens the model's logit of token 0 is NaN; expected a number",
                assertThrows(InvalidInput.class, () -> figures(task, 0)).getMessage());
    }

    /** Only "three yes it i" has 14 tokens, the last of which predicts. */
    @Test
    void aLogitThatIsNoNumberIsNamedWithTaskExampleAndToken() {
        tiny.breakFrom(13);
        String answer = "yes it is";
        assertNoNumber(
                "e2",
                14,
                DataTask.of(
                        TaskKind.CLASSIFICATION,
                        List.of("x", answer),
                        Metric.ACCURACY,
                        examples(_ -> new Answer.Choice(1))));
        assertNoNumber(
                "e2",
                14,
                DataTask.of(
                        TaskKind.CLOZE,
                        List.of(),
                        Metric.ACCURACY,
                        examples(_ -> new Answer.Words(List.of(answer)))));
    }

    /** Of six tokens that are written, five are read: only "three" comes to ten so. */
    @Test
    void aLogitThatIsNoNumberEndsAFreeAnswer() {
        tiny.breakFrom(9);
        assertNoNumber(
                "e2",
                10,
                DataTask.of(
                        TaskKind.FREE_ANSWER,
                        List.of(),
                        Metric.EXACT_MATCH,
                        examples(_ -> new Answer.Words(List.of("1")))));
    }

    @Test
    void aDocumentWhoseLogitIsNoNumberIsNamed() {
        tiny.breakFrom(9);
        DataTask task =
                DataTask.of(
                        TaskKind.TEXT,
                        List.of(),
                        Metric.PERPLEXITY,
                        example("short", "one two", new Answer.Unknown()),
                        example("long", "one two three four", new Answer.Unknown()));
        assertNoNumber("long", 10, task);
    }

    /** As a file of an older version may hold it. */
    @Test
    void whatIsNoNumberIsAskedAgain() {
        LikelihoodRequest request = encoder.continuations("one", List.of(" end")).getFirst();
        cache.keep(request, new Likelihood(Double.NaN, 4, false));
        assertEquals(
                likelihood("one", " end"),
                new Answers(tiny.model(), cache, 2).likelihoods(List.of(request)).getFirst());
    }

    @Test
    void answersThatAreAllImpossibleAreNotCompared() {
        List<String> labels = List.of("x", "y");
        DataTask task =
                DataTask.of(
                        TaskKind.CLASSIFICATION,
                        labels,
                        Metric.ACCURACY,
                        example("e", "one", new Answer.Choice(0)));
        Likelihood never = new Likelihood(Double.NEGATIVE_INFINITY, 2, false);
        List<LikelihoodRequest> requests = encoder.continuations("one", List.of(" x", " y"));
        cache.keep(requests.getFirst(), never);
        assertEquals(0, figures(task, 0).get("accuracy"));
        cache.keep(requests.getLast(), never);
        assertEquals(
                "task 'letters', e: the model gives each answer the probability 0",
                assertThrows(InvalidInput.class, () -> figures(task, 0)).getMessage());
    }

    @Test
    void whatWasAnsweredIsNotAskedAgain() {
        DataTask task =
                DataTask.of(
                        TaskKind.CLOZE,
                        List.of(),
                        Metric.ACCURACY,
                        examples(i -> new Answer.Words(List.of("end"))));
        Map<String, Double> first = figures(task, 0);
        int known = cache.size();
        assertEquals(first, figures(task, 0));
        assertEquals(known, cache.size());
    }
}
