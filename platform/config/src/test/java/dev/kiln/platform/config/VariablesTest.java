package dev.kiln.platform.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.platform.config.TestExtensions.PretrainOptions;
import dev.kiln.platform.config.TestExtensions.TextOptions;
import dev.kiln.spi.InvalidInput;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariablesTest {
    private static final String MINIMAL = "run: pretrain\ndata: wordnet\n";
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "DATA_DIR", "/data",
                    "BATCH", "16",
                    "EMPTY", "",
                    "NESTED", "${DATA_DIR}",
                    "YAML", "[a, b] # {c: d}");

    @TempDir private Path folder;

    private RunConfig read(String yaml, String... overrides) {
        Path file = new Recipes(folder).write("x.yaml", yaml);
        return new RunConfigReader(
                        TestExtensions.CATALOG, name -> Optional.ofNullable(ENVIRONMENT.get(name)))
                .read(file, List.of(overrides));
    }

    private PretrainOptions options(String yaml, String... overrides) {
        return (PretrainOptions) read(yaml, overrides).options();
    }

    private void assertPrompt(String expected, String yaml) {
        assertEquals(List.of(expected), options(MINIMAL + "prompts: [" + yaml + "]\n").prompts());
    }

    private void assertError(String expected, String yaml) {
        String message = assertThrows(InvalidInput.class, () -> read(yaml)).getMessage();
        assertEquals(expected, message.replace(folder + "/", ""));
    }

    @Test
    void variablesStandInPlainAndQuotedValuesInFlowAndInBlocks() {
        assertPrompt("/data/x.txt", "${DATA_DIR}/x.txt");
        assertPrompt("/data/x.txt", "\"${DATA_DIR}/x.txt\"");
        assertPrompt("/data/x.txt", "'${DATA_DIR}/x.txt'");
        assertPrompt("a/data16b", "a${DATA_DIR}${BATCH}b");
        RunConfig flow = read("run: pretrain\ndata: {text: {path: ${DATA_DIR}/x.txt}}\n");
        assertEquals(
                "/data/x.txt",
                ((TextOptions) ((PretrainOptions) flow.options()).data().options())
                        .path()
                        .toString());
        assertEquals(
                List.of("/data\n16\n"),
                options(MINIMAL + "prompts:\n  - |\n    ${DATA_DIR}\n    ${BATCH}\n").prompts());
    }

    @Test
    void aPlainValueMayBeANumberAQuotedOneIsText() {
        assertEquals(16, options(MINIMAL + "batch: ${BATCH}\n").batch());
        assertError(
                "x.yaml:3:8: expected a whole number of at least 1 for 'batch' of run pretrain, found '16'",
                MINIMAL + "batch: \"${BATCH}\"\n");
    }

    @Test
    void aDefaultStandsForWhatIsNotSetOrEmpty() {
        assertPrompt("/tmp/a b, c", "${NO_SUCH:-/tmp/a b, c}");
        assertPrompt("none", "${EMPTY:-none}");
        assertPrompt("/data", "${DATA_DIR:-none}");
        assertEquals(Optional.empty(), options(MINIMAL + "stop: ${NO_SUCH:-}\n").stop());
    }

    @Test
    void oneThatIsNotSetIsNamedWithItsPlace() {
        assertError(
                "x.yaml:3:16: environment variable 'NO_SUCH' is not set; ${NO_SUCH:-…} gives a"
                        + " default",
                MINIMAL + "prompts: [one, ${NO_SUCH}/x]\n");
    }

    @Test
    void whatAVariableHoldsIsTextAndNotLookedThrough() {
        assertPrompt("[a, b] # {c: d}", "${YAML}");
        assertPrompt("${DATA_DIR}", "${NESTED}");
    }

    @Test
    void aDollarBeforeItMakesItText() {
        assertPrompt("${DATA_DIR}", "$${DATA_DIR}");
        assertPrompt("$${", "\"$$${\"");
        assertPrompt("$5 and {}", "\"$5 and {}\"");
    }

    @Test
    void whatIsNoVariableIsRefused() {
        String itself = "; $${ stands for ${ itself";
        assertError(
                "x.yaml:3:11: expected the name of an environment variable in '${…}', found '1 x'"
                        + itself,
                MINIMAL + "prompts: [${1 x}]\n");
        assertError(
                "x.yaml:3:11: expected '}' after '${'" + itself,
                MINIMAL + "prompts: [${DATA_DIR]\n");
        assertError(
                "x.yaml:3:11: the default of a variable can't hold another variable",
                MINIMAL + "prompts: [\"${A:-${B}}\"]\n");
    }

    @Test
    void keysAndCommentsAndOverridesHaveNone() {
        assertError(
                "x.yaml:3:1: unknown option '${BATCH}' of run pretrain; did you mean 'batch'?",
                MINIMAL + "${BATCH}: 1\n");
        assertEquals(8, options(MINIMAL + "# ${NO_SUCH} ${\n").batch());
        assertEquals(List.of("${DATA_DIR}"), options(MINIMAL, "prompts=['${DATA_DIR}']").prompts());
    }

    @Test
    void columnsBehindAVariableAreThoseOfTheFile() {
        assertError(
                "x.yaml:3:39: unknown option 'evry' of 'evaluation'; did you mean 'every'?",
                MINIMAL + "evaluation: {atEnd: ${NO_SUCH:-true}, evry: 3}\n");
    }

    @Test
    void charactersOfPrivateUseStayWhatTheyAre() {
        assertPrompt("\uE041\uE07B/data\uE000", "\uE041\uE07B${DATA_DIR}\uE000");
    }

    @Test
    void aFileToExtendMayBeNamedByOne() {
        new Recipes(folder).write("base16.yaml", "batch: 3\n");
        assertEquals(3, options("extends: base${BATCH}.yaml\n" + MINIMAL).batch());
    }

    @Test
    void aSavedConfigHoldsWhatTheyStoodForAndReadsTheSame() {
        RunConfig config = read(MINIMAL + "prompts: [\"${DATA_DIR} $${DATA_DIR}\"]\n");
        YamlConfigFiles files = new YamlConfigFiles(() -> TestExtensions.CATALOG);
        String saved = files.write(config.name(), config.seed(), config.out(), config.options());
        assertEquals(config.run(), read(saved).run());
        Path file = new Recipes(folder).write("saved.yaml", saved);
        assertEquals(config.options(), files.read(file, PretrainOptions.class));
    }

    @Test
    void aSavedConfigOfOthersReadsNothingOfTheEnvironment() {
        Path file = new Recipes(folder).write("saved.yaml", MINIMAL + "prompts: [\"${PATH}\"]\n");
        YamlConfigFiles files = new YamlConfigFiles(() -> TestExtensions.CATALOG);
        assertEquals(List.of("${PATH}"), files.read(file, PretrainOptions.class).prompts());
    }
}
