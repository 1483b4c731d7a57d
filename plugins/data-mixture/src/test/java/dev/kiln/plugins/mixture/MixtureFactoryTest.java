package dev.kiln.plugins.mixture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.Mixture;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixtureFactoryTest {

    /** One document, to train on and to hold out, and a prompt. */
    private record OneWord(String word) implements TextSource {
        @Override
        public Stream<String> documents(Split split) {
            return Stream.of(word);
        }

        @Override
        public List<String> prompts() {
            return List.of(word + "?");
        }
    }

    private static MixtureOptions.Source source(String name, double weight, DataSource data) {
        return new MixtureOptions.Source(name, weight, new FixedChoice<>("test", data));
    }

    private static Mixture mixture(MixtureOptions.Source... sources) {
        return (Mixture)
                new MixtureFactory()
                        .create(
                                new MixtureOptions(List.of(sources)),
                                new FolderContext(1, Path.of("")));
    }

    @Test
    void everySourceIsAPartWithItsNameAndWeight() {
        Mixture mixture =
                mixture(source("a", 60, new OneWord("x")), source("b", 41, new OneWord("y")));
        assertEquals(
                List.of(
                        new Mixture.Part("a", new OneWord("x"), 60),
                        new Mixture.Part("b", new OneWord("y"), 41)),
                mixture.parts());
    }

    @Test
    void theModelGoesOnFromThePromptsOfAllParts() {
        Mixture mixture =
                mixture(source("a", 1, new OneWord("x")), source("b", 1, new OneWord("y")));
        assertEquals(List.of("x?", "y?"), mixture.prompts());
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {0, -0.0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aWeightThatIsNoShareIsRefused(double weight) {
        assertEquals(
                "the weight of 'books' is " + weight + ", expected a number greater than 0",
                refusal(() -> source("books", weight, new OneWord("x"))));
    }

    @Test
    void aMixtureOfNothingIsRefused() {
        assertEquals("a mixture has no sources, expected at least one", refusal(() -> mixture()));
    }

    @Test
    void twoSourcesOfOneNameAreRefused() {
        assertEquals(
                "two sources of a mixture have the name 'a', expected one each",
                refusal(
                        () ->
                                mixture(
                                        source("a", 1, new OneWord("x")),
                                        source("a", 2, new OneWord("y")))));
    }

    @Test
    void aSourceWithoutANameIsRefused() {
        assertEquals(
                "expected a name for each source of a mixture",
                refusal(() -> source(" ", 1, new OneWord("x"))));
    }

    @Test
    void aMixtureInAMixtureIsRefused() {
        Mixture inner = mixture(source("a", 1, new OneWord("x")));
        assertEquals(
                "'both' of the mixture is a mixture again: list its sources beside the others",
                refusal(() -> mixture(source("both", 1, inner))));
    }

    private static String refusal(Executable action) {
        return assertThrows(InvalidInput.class, action).getMessage();
    }
}
