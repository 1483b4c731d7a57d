package dev.kiln.platform.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.platform.config.TestExtensions.BpeOptions;
import dev.kiln.platform.config.TestExtensions.Evaluation;
import dev.kiln.platform.config.TestExtensions.Gpt1Options;
import dev.kiln.platform.config.TestExtensions.Gpt2Options;
import dev.kiln.platform.config.TestExtensions.PretrainOptions;
import dev.kiln.platform.config.TestExtensions.TextOptions;
import dev.kiln.platform.config.TestExtensions.WordNetOptions;
import dev.kiln.spi.Choice;
import dev.kiln.spi.data.Order;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunConfigReaderTest {
    private static final String MINIMAL = "run: pretrain\ndata: wordnet\n";

    @TempDir private Path folder;
    private Recipes recipes;

    @BeforeEach
    void setUp() {
        recipes = new Recipes(folder);
    }

    @Test
    void whatIsLeftOutTakesItsDefault() {
        RunConfig config = recipes.read(MINIMAL);
        assertEquals("pretrain", config.name());
        assertEquals(1337, config.seed());
        assertEquals(Path.of("runs/x"), config.out());
        PretrainOptions options = (PretrainOptions) config.options();
        assertEquals(new WordNetOptions(0.05), options.data().options());
        assertEquals("gpt2", options.model().name());
        assertEquals(new Gpt2Options(2, 4, 64), options.model().options());
        assertEquals(new BpeOptions(512, Optional.empty()), options.tokenizer().options());
        assertEquals(List.of(), options.listeners());
        assertEquals(100_000, options.tokens());
        assertEquals(1e-3, options.learningRate());
        assertEquals(Order.SHUFFLED, options.order());
        assertEquals(Optional.empty(), options.stop());
        assertEquals(new Evaluation(100, true), options.evaluation());
    }

    @Test
    void everyTypeOfOptionIsRead() {
        String yaml =
                """
                run: pretrain
                seed: 7
                out: ~/runs/a
                data: {text: {path: a.txt, heldOut: 5e-2}}
                model:
                  gpt1:
                tokenizer: bpe
                listeners: [console, {plot: {format: svg}}]
                batch: 1_024
                learningRate: 1
                tokens: 1e9
                resume: auto
                order: sequential
                stop: 3
                prompts: [one, 2, "3", true]
                weights: {a: 1, b: .5}
                evaluation: {every: 5}
                cache: /tmp/c
                """;
        RunConfig config = recipes.read(yaml);
        assertEquals(7, config.seed());
        assertEquals(Path.of("~/runs/a"), config.out());
        PretrainOptions options = (PretrainOptions) config.options();
        assertEquals(new TextOptions("a.txt", 0.05), options.data().options());
        assertEquals(new Gpt1Options(12), options.model().options());
        assertEquals(4096, ((BpeOptions) options.tokenizer().options()).vocabulary());
        assertEquals(
                List.of("console", "plot"),
                options.listeners().stream().map(Choice::name).toList());
        assertEquals(1024, options.batch());
        assertEquals(1.0, options.learningRate());
        assertEquals(1_000_000_000L, options.tokens());
        assertEquals("auto", options.resume());
        assertEquals(Order.SEQUENTIAL, options.order());
        assertEquals(Optional.of(3), options.stop());
        assertEquals(List.of("one", "2", "3", "true"), options.prompts());
        assertEquals(Map.of("a", 1.0, "b", 0.5), options.weights());
        assertEquals(new Evaluation(5, true), options.evaluation());
        assertEquals(Path.of("/tmp/c"), options.cache());
    }

    @Test
    void aListOfRecordsWithChoicesIsRead() {
        String yaml =
                """
                run: pretrain
                data: wordnet
                sources:
                  - {name: a, weight: 60, data: {text: {path: a.txt}}}
                  - name: b
                    weight: 41
                    data: wordnet
                ramp: {from: 12, over: 120}
                """;
        PretrainOptions options = recipes.options(yaml);
        assertEquals(
                List.of("a", "b"),
                options.sources().stream().map(TestExtensions.Source::name).toList());
        assertEquals(new TextOptions("a.txt", 0.1), options.sources().getFirst().data().options());
        assertEquals(Optional.of(new TestExtensions.Ramp(12, 120)), options.ramp());
    }

    @Test
    void aSingleValueCountsAsAListOfOne() {
        PretrainOptions options = recipes.options(MINIMAL + "listeners: plot\nprompts: once\n");
        assertEquals("plot", options.listeners().getFirst().name());
        assertEquals(List.of("once"), options.prompts());
        options = recipes.options(MINIMAL + "listeners: {plot: {format: svg}}\n");
        assertEquals(1, options.listeners().size());
    }

    @Test
    void aFileThatExtendsAnotherAddsToItsMapsAndReplacesTheRest() {
        recipes.write(
                "base.yaml",
                """
                run: pretrain
                seed: 1
                data: {text: {path: a.txt, heldOut: 0.2}}
                model: {gpt2: {layers: 6, width: 128}}
                prompts: [a, b]
                evaluation: {every: 7, atEnd: false}
                """);
        RunConfig config =
                recipes.read(
                        """
                        extends: base.yaml
                        data: {text: {path: b.txt}}
                        model: {gpt1: {layers: 3}}
                        prompts: [c]
                        evaluation: {every: 8}
                        """);
        PretrainOptions options = (PretrainOptions) config.options();
        assertEquals(1, config.seed());
        assertEquals(Path.of("runs/x"), config.out());
        assertEquals(new TextOptions("b.txt", 0.2), options.data().options());
        assertEquals(new Gpt1Options(3), options.model().options());
        assertEquals(List.of("c"), options.prompts());
        assertEquals(new Evaluation(8, false), options.evaluation());
    }

    @Test
    void aChoiceThatIsOnlyNamedStartsFromItsDefaults() {
        recipes.write("base.yaml", MINIMAL + "model: {gpt2: {layers: 6}}\n");
        PretrainOptions options = recipes.options("extends: base.yaml\nmodel: gpt2\n");
        assertEquals(new Gpt2Options(2, 4, 64), options.model().options());
    }

    @Test
    void anAliasStandsForWhatItsAnchorNames() {
        PretrainOptions options =
                recipes.options(MINIMAL + "prompts: &p [a]\nlisteners: [&c console, *c]\n");
        assertEquals(2, options.listeners().size());
    }

    @Test
    void equalYamlGivesEqualRecords() {
        assertEquals(recipes.options(MINIMAL), recipes.options(MINIMAL));
    }
}
