package dev.kiln.distribution.fidelity;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.backend.Weight;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tiny checkpoints that transformers 5.18 and PyTorch 2.13 made, on both backends, beside the
 * numbers that these computed with them ({@code src/fidelity} has the programs).
 */
class FidelityIT {
    private static final Path FIXTURES = Path.of("src", "test", "resources", "fidelity");

    private static Installed kiln;

    @BeforeAll
    static void start() {
        kiln = Installed.at(Path.of(System.getProperty("kiln.stage")));
    }

    @AfterAll
    static void stop() {
        kiln.close();
    }

    static Stream<Arguments> cases() {
        return Fixture.in(FIXTURES).stream()
                .flatMap(
                        folder ->
                                Stream.of("reference", "nd4j", "onednn")
                                        .map(
                                                backend ->
                                                        Arguments.of(
                                                                folder.getFileName().toString(),
                                                                backend)));
    }

    @Test
    void thereIsAFixtureOfEveryFamily() {
        assertEquals(
                List.of(
                        "gpt2",
                        "gpt2-quick-gelu-upcast",
                        "gpt2-relu-unscaled",
                        "gpt2-silu-by-layer",
                        "gpt2-tanh",
                        "gpt_neo",
                        "openai-gpt",
                        "openai-gpt-swish",
                        "openai-gpt-untied",
                        "sparse"),
                Fixture.in(FIXTURES).stream()
                        .map(folder -> folder.getFileName().toString())
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logitsAndEveryHiddenStateAreThoseOfPyTorch(String fixture, String backend) {
        check(fixture, backend, Comparison::forward);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theLossAndEveryGradientAreThoseOfPyTorch(String fixture, String backend) {
        check(fixture, backend, Comparison::backward);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void tenStepsOfAdamWHaveTheLossesOfPyTorch(String fixture, String backend) {
        check(
                fixture,
                backend,
                comparison -> comparison.steps(kiln.optimizer(comparison.fixture())));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsWrittenWithACacheIsWhatPyTorchWritesWithoutOne(String fixture, String backend) {
        check(fixture, backend, Comparison::greedy);
    }

    private static void check(
            String name, String backend, Function<Comparison, List<Row>> comparing) {
        try (Fixture fixture = Fixture.open(FIXTURES.resolve(name));
                Subject subject = Subject.open(fixture.model(), kiln, backend)) {
            List<Row> rows = comparing.apply(new Comparison(fixture, subject));
            assertAll(rows.stream().map(row -> () -> assertTrue(row.holds(), row::toString)));
        }
    }

    /** The bars are no wider than what a slip in one number moves. */
    @ParameterizedTest
    @MethodSource("folders")
    void oneElementOfAnyWeightThatIsOffByAHundredthIsSeen(String name) {
        try (Fixture fixture = Fixture.open(FIXTURES.resolve(name));
                Subject subject = Subject.open(fixture.model(), kiln, "reference")) {
            Comparison comparison = new Comparison(fixture, subject);
            assertAll(
                    subject.weights().values().stream()
                            .map(
                                    weight ->
                                            () ->
                                                    assertTrue(
                                                            seen(comparison, weight),
                                                            weight.name())));
        }
    }

    static Stream<String> folders() {
        return Fixture.in(FIXTURES).stream().map(folder -> folder.getFileName().toString());
    }

    /** Whether a row fails while the weight's first element is off. */
    private static boolean seen(Comparison comparison, Weight weight) {
        var backend = comparison.subject().backend();
        float[] values = backend.floats(weight.value());
        float[] off = values.clone();
        off[0] += 0.01f;
        backend.upload(weight.value(), off);
        backend.refresh(weight);
        boolean seen =
                Stream.concat(comparison.forward().stream(), comparison.backward().stream())
                        .anyMatch(row -> !row.holds());
        backend.upload(weight.value(), values);
        backend.refresh(weight);
        return seen;
    }
}
