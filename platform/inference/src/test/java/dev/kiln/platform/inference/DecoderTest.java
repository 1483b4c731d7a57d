package dev.kiln.platform.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.inference.Decoder.Submission;
import dev.kiln.platform.models.InvalidScore;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.generation.Sampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On the reference backend, which computes a row alike whatever is next to it. */
class DecoderTest {
    private static final int CONTEXT = 12;

    private final TinyByteModel tiny = new TinyByteModel(CONTEXT);

    /** Rows and logits of each pass, as "9 for 4". */
    private final List<String> passes = new ArrayList<>();

    private final Map<Object, Object> heard = new HashMap<>();

    @AfterEach
    void close() {
        tiny.close();
    }

    private Decoder decoder(int slots, int rows) {
        return new Decoder(
                tiny.model(),
                new DecoderSize(slots, CONTEXT, rows),
                (tokens, chosen, nanos) -> passes.add(tokens + " for " + chosen));
    }

    /** Notes all that is heard of a request under its name. */
    private final class Noting implements GenerationListener, ScoringListener {
        private final Object name;
        private final StringBuilder text = new StringBuilder();

        Noting(Object name) {
            this.name = name;
        }

        @Override
        public void wrote(String certain) {
            text.append(certain);
        }

        @Override
        public void ended(Generation generation) {
            assertEquals(generation.text(), text.toString());
            heard.put(name, generation);
        }

        @Override
        public void scored(int continuation, Likelihood likelihood) {
            heard.put(name + "/" + continuation, likelihood);
        }

        @Override
        public void failed(InvalidScore problem) {
            heard.put(name, problem.problem());
        }

        @Override
        public void failed(int continuation, InvalidScore problem) {
            heard.put(name, continuation + ": " + problem.problem());
        }
    }

    private static int[] ids(int length, int seed) {
        return IntStream.range(0, length).map(i -> (i * i + seed * i + seed) % 256).toArray();
    }

    /** Chooses in proportion to the probabilities, so that a choice depends on every logit. */
    private static int drawn(float[] logits, int[] history, int length, long key) {
        double most = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElse(0);
        double[] weights =
                IntStream.range(0, logits.length)
                        .mapToDouble(i -> Math.exp(logits[i] - most))
                        .toArray();
        double left = Randomness.uniform(key, 0) * Arrays.stream(weights).sum();
        int id = 0;
        while (id < weights.length - 1 && left >= weights[id]) {
            left -= weights[id++];
        }
        return id;
    }

    private static GenerationRequest request(int maxTokens, long seed) {
        return new GenerationRequest(maxTokens, DecoderTest::drawn, List.of("\n"), seed, true);
    }

    private static GenerationRequest always(int id, int maxTokens) {
        Sampler sampler = (logits, history, length, key) -> id;
        return new GenerationRequest(maxTokens, sampler, List.of(), 1);
    }

    private void runAll(Decoder decoder) {
        while (decoder.pass()) {}
    }

    /** Request n: every third one is scored, the others write; some begin alike. */
    private Submission submit(Decoder decoder, int n) {
        int[] prompt = Arrays.copyOf(ids(CONTEXT, n % 4), 1 + n * 5 % CONTEXT);
        if (n % 3 == 2) {
            int[] context = Arrays.copyOf(prompt, 1 + n % 6);
            List<int[]> continuations = List.of(ids(1 + n % 5, n), ids(4, 1), ids(1, n));
            return decoder.submit(new ScoringRequest(context, continuations), new Noting(n));
        }
        return decoder.submit(prompt, request(1 + n * 7 % 20, n), n, new Noting(n));
    }

    private Map<Object, Object> heardAlone(int requests) {
        for (int n = 0; n < requests; n++) {
            try (Decoder decoder = decoder(1, 512)) {
                submit(decoder, n);
                runAll(decoder);
            }
        }
        Map<Object, Object> alone = Map.copyOf(heard);
        heard.clear();
        return alone;
    }

    /** Others join at any time, some are taken back, and passes are too short for all at once. */
    @ParameterizedTest
    @CsvSource({"1, 512", "2, 512", "3, 4", "5, 1", "8, 7", "40, 512"})
    void whatIsHeardOfARequestIsBitForBitTheSameAloneAndAmongOthers(int slots, int rows) {
        int requests = 24;
        Map<Object, Object> alone = heardAlone(requests);
        for (int round = 0; round < 2; round++) {
            long key = Randomness.key(round, slots, rows);
            try (Decoder decoder = decoder(slots, rows)) {
                int next = 0;
                for (int pass = 0; next < requests; pass++) {
                    long joining = Randomness.below(key, pass, 4);
                    for (int i = 0; i < joining && next < requests; i++) {
                        submit(decoder, next++);
                        submit(decoder, next % requests).cancel();
                    }
                    decoder.pass();
                }
                runAll(decoder);
            }
            assertEquals(alone, heard);
            heard.clear();
        }
    }

    @Test
    void manyThreadsMaySubmitWhileOneRunsPasses() throws InterruptedException {
        int requests = 16;
        Map<Object, Object> alone = heardAlone(requests);
        try (Decoder decoder = decoder(3, 512)) {
            List<Thread> threads =
                    IntStream.range(0, requests)
                            .mapToObj(n -> Thread.startVirtualThread(() -> submit(decoder, n)))
                            .toList();
            while (threads.stream().anyMatch(Thread::isAlive)) {
                decoder.pass();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            runAll(decoder);
        }
        assertEquals(alone, heard);
    }

    @Test
    void aRequestJoinsInTheMiddle() {
        try (Decoder decoder = decoder(2, 512)) {
            decoder.submit(ids(3, 1), always('a', 4), 0, new Noting("first"));
            decoder.pass();
            decoder.pass();
            decoder.submit(ids(5, 2), always('b', 2), 0, new Noting("second"));
            runAll(decoder);
        }
        assertEquals(List.of("3 for 1", "1 for 1", "6 for 2", "2 for 2"), passes);
    }

    @Test
    void whoWritesDoesNotWaitForWhoReads() {
        try (Decoder decoder = decoder(3, 4)) {
            decoder.submit(ids(2, 1), always('a', 9), 0, new Noting("writes"));
            decoder.pass();
            decoder.submit(ids(7, 2), always('b', 1), 0, new Noting("reads"));
            for (int i = 0; i < 3; i++) {
                decoder.pass();
            }
        }
        assertEquals(List.of("2 for 1", "4 for 1", "4 for 1", "2 for 2"), passes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9})
    void samplesOfOnePromptReadItOnce(int length) {
        try (Decoder decoder = decoder(4, 512)) {
            for (int sample = 0; sample < 4; sample++) {
                decoder.submit(ids(length, 3), request(2, 7), sample, new Noting(sample));
            }
            runAll(decoder);
        }
        assertEquals(List.of(length + " for 4", "4 for 4"), passes);
        assertEquals(4, heard.size());
        assertTrue(heard.values().stream().distinct().count() > 1, "samples differ");
    }

    /** The prompt fills the context: behind it each sample reads the second half of its own text. */
    @Test
    void samplesOfAPromptThatFillsTheContextReadItOnce() {
        try (Decoder decoder = decoder(3, 512)) {
            for (int sample = 0; sample < 3; sample++) {
                decoder.submit(ids(CONTEXT, 3), always('a' + sample, 2), 0, new Noting(sample));
            }
            runAll(decoder);
        }
        assertEquals(List.of("12 for 3", "18 for 3"), passes);
    }

    @Test
    void whatASlotHoldsOfTheRequestBeforeIsNotReadAgain() {
        try (Decoder decoder = decoder(1, 512)) {
            decoder.submit(new int[] {1, 2, 3, 4}, always('a', 1), 0, new Noting("first"));
            decoder.submit(new int[] {1, 2, 3, 5, 6}, always('a', 1), 0, new Noting("second"));
            runAll(decoder);
        }
        assertEquals(List.of("4 for 1", "2 for 1"), passes);
    }

    @Test
    void aRequestWhoseReaderIsTakenBackReadsTheRestItself() {
        try (Decoder decoder = decoder(2, 4)) {
            Submission reader = decoder.submit(ids(9, 3), always('a', 1), 0, new Noting("reader"));
            decoder.submit(ids(9, 3), always('a', 1), 0, new Noting("waits"));
            decoder.pass();
            reader.cancel();
            runAll(decoder);
        }
        assertEquals(List.of("4 for 0", "4 for 0", "1 for 1"), passes);
        assertEquals(List.of("waits"), List.copyOf(heard.keySet()));
    }

    @Test
    void cancellingFreesTheSlot() {
        try (Decoder decoder = decoder(1, 512)) {
            Submission endless =
                    decoder.submit(ids(2, 1), always('a', 1000), 0, new Noting("endless"));
            Submission waiting =
                    decoder.submit(ids(2, 2), always('b', 1), 0, new Noting("waiting"));
            decoder.submit(ids(3, 4), always('c', 1), 0, new Noting("last"));
            decoder.pass();
            decoder.pass();
            endless.cancel();
            waiting.cancel();
            assertTrue(decoder.pass());
            assertFalse(decoder.pass());
        }
        assertEquals(List.of("2 for 1", "1 for 1", "3 for 1"), passes);
        assertEquals(List.of("last"), List.copyOf(heard.keySet()));
    }

    @Test
    void onlyTheRequestWhoseLogitsAreNoNumbersFails() {
        Weight positions = tiny.positions();
        float[] values = tiny.backend().floats(positions.value());
        values[4 * 8] = Float.NaN; // of position 4, 8 wide
        tiny.backend().upload(positions.value(), values);
        try (Decoder decoder = decoder(3, 512)) {
            decoder.submit(new int[] {1, 2, 3}, always('a', 5), 0, new Noting("writes"));
            decoder.submit(
                    new ScoringRequest(new int[] {3, 4, 5, 6}, List.of(new int[] {4, 5, 6})),
                    new Noting("scored"));
            decoder.submit(new int[] {9}, always('a', 4), 0, new Noting("short"));
            runAll(decoder);
        }
        String problem = "after 5 tokens the model's logit of token 0 is NaN; expected a number";
        assertEquals(problem, heard.get("writes"));
        assertEquals("0: " + problem, heard.get("scored"));
        assertEquals("aaaa", ((Generation) heard.get("short")).text());
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAPass() {
        try (Decoder decoder =
                new Decoder(tiny.model(), new DecoderSize(1, 8), PassListener.NONE)) {
            assertEquals(
                    "the prompt's tokens take 13 positions, there is room for 12",
                    refused(() -> decoder.submit(ids(13, 1), always(1, 1), 0, new Noting(1))));
            assertEquals(
                    "the prompt and what is to be written take 9 positions, there is room for 8",
                    refused(() -> decoder.submit(ids(5, 1), always(1, 4), 0, new Noting(1))));
            assertEquals(
                    "a context and its continuation take 9 positions, there is room for 8",
                    refused(
                            () ->
                                    decoder.submit(
                                            new ScoringRequest(ids(6, 1), List.of(ids(4, 1))),
                                            new Noting(1))));
            assertFalse(decoder.pass());
        }
    }

    private static String refused(Runnable submission) {
        return assertThrows(InvalidInput.class, submission::run).getMessage();
    }
}
