package dev.kiln.platform.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.platform.config.TestExtensions.BpeOptions;
import dev.kiln.platform.config.TestExtensions.Evaluation;
import dev.kiln.platform.config.TestExtensions.Gpt1Options;
import dev.kiln.platform.config.TestExtensions.Gpt2Options;
import dev.kiln.platform.config.TestExtensions.PretrainOptions;
import dev.kiln.platform.config.TestExtensions.TextOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverridesTest {
    private static final String MINIMAL = "run: pretrain\ndata: wordnet\n";
    private static final String TEXT = "run: pretrain\ndata: {text: {path: a.txt}}\n";

    @TempDir private Path folder;
    private Recipes recipes;

    @BeforeEach
    void setUp() {
        recipes = new Recipes(folder);
    }

    @Test
    void overridesApplyLastAndInOrder() {
        RunConfig config =
                recipes.read(
                        MINIMAL + "seed: 2\nbatch: 3\n", "seed=4", "batch=5", "batch=6", "out=o");
        assertEquals(4, config.seed());
        assertEquals(Path.of("o"), config.out());
        assertEquals(6, ((PretrainOptions) config.options()).batch());
    }

    @Test
    void theValueOfAnOverrideIsYaml() {
        PretrainOptions options =
                recipes.options(
                        MINIMAL,
                        "prompts=[a, 'b c']",
                        "weights={x: 2}",
                        "stop=null",
                        "learningRate=3e-4",
                        "model={gpt2: {layers: 1}}");
        assertEquals(List.of("a", "b c"), options.prompts());
        assertEquals(Map.of("x", 2.0), options.weights());
        assertEquals(Optional.empty(), options.stop());
        assertEquals(3e-4, options.learningRate());
        assertEquals(1, ((Gpt2Options) options.model().options()).layers());
    }

    @Test
    void aDottedKeyReachesAnOptionOfAChoiceWithItsNameOrWithout() {
        for (String key : List.of("data.path=b", "data.text.path=b")) {
            PretrainOptions options = recipes.options(TEXT, key);
            assertEquals(new TextOptions("b", 0.1), options.data().options(), key);
        }
    }

    @Test
    void aDottedKeyReachesAChoiceThatIsOnlyNamed() {
        PretrainOptions options = recipes.options("run: pretrain\ndata: text\n", "data.path=b");
        assertEquals(new TextOptions("b", 0.1), options.data().options());
    }

    @Test
    void aDottedKeyReachesTheDefaultChoice() {
        PretrainOptions options = recipes.options(MINIMAL, "model.layers=5", "tokenizer.bpe=x");
        assertEquals(5, ((Gpt2Options) options.model().options()).layers());
        assertEquals(new BpeOptions(512, Optional.of("x")), options.tokenizer().options());
    }

    @Test
    void aNameThatIsAlsoAnOptionIsToldByWhatFollows() {
        PretrainOptions options = recipes.options(MINIMAL, "tokenizer.bpe.vocabulary=9");
        assertEquals(new BpeOptions(9, Optional.empty()), options.tokenizer().options());
        options = recipes.options(MINIMAL, "tokenizer.bpe={vocabulary: 8}");
        assertEquals(new BpeOptions(8, Optional.empty()), options.tokenizer().options());
    }

    @Test
    void anotherChoiceIsMadeByItsName() {
        PretrainOptions options = recipes.options(MINIMAL, "model=gpt1", "model.layers=4");
        assertEquals(new Gpt1Options(4), options.model().options());
        options = recipes.options(MINIMAL, "model.gpt1.layers=5");
        assertEquals(new Gpt1Options(5), options.model().options());
    }

    @Test
    void aDottedKeyReachesMapsAndNestedRecords() {
        PretrainOptions options =
                recipes.options(MINIMAL + "weights: {a: 1}\n", "weights.b=2", "evaluation.every=9");
        assertEquals(Map.of("a", 1.0, "b", 2.0), options.weights());
        assertEquals(new Evaluation(9, true), options.evaluation());
    }

    @Test
    void errorsNameTheOverride() {
        assertEquals(
                "override 'model.layer=3': unknown option 'layer' of model gpt2; did you mean"
                        + " 'layers'?",
                recipes.error(MINIMAL, "model.layer=3"));
        assertEquals(
                "override 'bach=3': unknown option 'bach' of run pretrain; did you mean 'batch'?",
                recipes.error(MINIMAL, "bach=3"));
        assertEquals(
                "override 'batch=x': expected a whole number of at least 1 for 'batch' of run"
                        + " pretrain, found 'x'",
                recipes.error(MINIMAL, "batch=x"));
        assertEquals(
                "override 'model.heads=3': expected heads that divide the width, found 3 and 64",
                recipes.error(MINIMAL, "model.heads=3"));
        assertEquals(
                "override 'batch.size=3': 'batch' of run pretrain has no options of its own",
                recipes.error(MINIMAL, "batch.size=3"));
        assertEquals(
                "override 'prompts.0=a': 'prompts' of run pretrain is a list: give all of it",
                recipes.error(MINIMAL, "prompts.0=a"));
        assertEquals(
                "override 'data.pth=a': unknown data source 'pth'; there are: text, wordnet",
                recipes.error("run: pretrain\n", "data.pth=a"));
        assertEquals("override 'batch': expected key=value", recipes.error(MINIMAL, "batch"));
        assertEquals(
                "override 'a..b=1': expected key=value or key.key=value, with no key left empty",
                recipes.error(MINIMAL, "a..b=1"));
        assertEquals(
                "override 'extends=b.yaml': 'extends' stands in files only",
                recipes.error(MINIMAL, "extends=b.yaml"));
        assertEquals(
                "override 'prompts=[a': not valid YAML: expected ',' or ']', but got <stream end>",
                recipes.error(MINIMAL, "prompts=[a"));
    }

    /** Mostly a variable of the shell that is not set. */
    @Test
    void anOverrideWithoutAValueIsRefusedAndNullTakesTheDefault() {
        assertEquals(
                "override 'out=': expected a value after '='; null is for none",
                recipes.error(MINIMAL, "out="));
        assertEquals(
                "override 'stop= ': expected a value after '='; null is for none",
                recipes.error(MINIMAL, "stop= "));
        assertEquals(Path.of("runs/x"), recipes.read(MINIMAL, "out=null").out());
    }

    @Test
    void anEmptyTextIsNoPath() {
        assertEquals(
                "override 'out=\"\"': expected a path, found an empty text",
                recipes.error(MINIMAL, "out=\"\""));
    }
}
