package dev.kiln.platform.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.platform.config.TestExtensions.Gpt1Options;
import dev.kiln.platform.config.TestExtensions.PretrainOptions;
import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.model.ModelFamily;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFilesTest {
    private static final String EVERYTHING =
            """
            run: pretrain
            seed: -5
            out: "a: b"
            data: {text: {path: "null", heldOut: 1e-7}}
            model: {gpt1: {layers: 3}}
            listeners: [console, {plot: {format: "yes"}}]
            tokens: 9_000_000_000
            learningRate: 3e-4
            order: sequential
            stop: 5
            prompts: ["", "two\\nlines", "~", "1e-3", "ünï", "# no", "tab\\t", "'", "a: b"]
            weights: {"a b": 1, "null": .inf}
            sources:
              - {name: a, weight: 0.6, data: {text: {path: a.txt}}}
              - {name: b, weight: 41, data: wordnet}
            ramp: {from: 12, over: 120}
            """;

    @TempDir private Path folder;

    private final ConfigFiles files = new YamlConfigFiles(() -> TestExtensions.CATALOG);

    private record ModelPart(String run, Choice<ModelFamily> model) {}

    private Path resolved(String... overrides) {
        RunConfig config = new Recipes(folder).read(EVERYTHING, overrides);
        String yaml = files.write(config.name(), config.seed(), config.out(), config.options());
        return new Recipes(folder).write("resolved.yaml", yaml);
    }

    @Test
    void whatIsWrittenReadsAsEqualRecords() {
        Recipes recipes = new Recipes(folder);
        RunConfig config = recipes.read(EVERYTHING);
        RunConfig again = recipes.read(resolved());
        assertEquals(config.run(), again.run());
        assertEquals(config.seed(), again.seed());
        assertEquals(config.out(), again.out());
        assertEquals(config.options(), files.read(resolved(), PretrainOptions.class));
        assertEquals(
                recipes.options(EVERYTHING, "stop=null"),
                files.read(resolved("stop=null"), PretrainOptions.class));
    }

    @Test
    void whatIsWrittenSpellsOutEveryDefault() {
        Recipes recipes = new Recipes(folder);
        PretrainOptions options = recipes.options("run: pretrain\ndata: wordnet\n");
        String expected =
                """
                run: pretrain
                seed: 1337
                out: runs/x
                data:
                  wordnet:
                    heldOut: 0.05
                model:
                  gpt2:
                    layers: 2
                    heads: 4
                    width: 64
                tokenizer:
                  bpe:
                    vocabulary: 512
                    bpe: null
                listeners: []
                batch: 8
                learningRate: 0.001
                tokens: 100000
                resume: never
                order: shuffled
                stop: null
                prompts: []
                weights: {}
                evaluation:
                  every: 100
                  atEnd: true
                cache: cache
                sources: []
                ramp: null
                """;
        assertEquals(expected, files.write("pretrain", 1337, Path.of("runs/x"), options));
    }

    @Test
    void aPartOfAFileIsReadWithoutTheRest() {
        ModelPart part = files.read(resolved(), ModelPart.class);
        assertEquals("pretrain", part.run());
        assertEquals(new Gpt1Options(3), part.model().options());
    }

    @Test
    void aMissingPartIsNamed() {
        Path file = new Recipes(folder).write("r.yaml", "run: pretrain\n");
        InvalidInput error =
                assertThrows(InvalidInput.class, () -> files.read(file, ModelPart.class));
        assertEquals(file + ":1:1: option 'model' is missing", error.getMessage());
    }
}
