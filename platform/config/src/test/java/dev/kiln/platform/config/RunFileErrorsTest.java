package dev.kiln.platform.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.config.Catalog.Supplied;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.TokenizerFactory;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileErrorsTest {
    private static final String MINIMAL = "run: pretrain\ndata: wordnet\n";

    @TempDir private Path folder;
    private Recipes recipes;

    @BeforeEach
    void setUp() {
        recipes = new Recipes(folder);
    }

    private void assertError(String message, String yaml) {
        assertEquals(message, recipes.error(yaml));
    }

    @Test
    void anUnknownOptionIsNamedWithTheNearestOne() {
        assertError(
                "x.yaml:5:5: unknown option 'layer' of model gpt2; did you mean 'layers'?",
                MINIMAL + "model:\n  gpt2:\n    layer: 3\n");
        assertError(
                "x.yaml:3:1: unknown option 'sed' of run pretrain; did you mean 'seed'?",
                MINIMAL + "sed: 3\n");
        assertError(
                "x.yaml:3:14: unknown option 'evry' of 'evaluation'; did you mean 'every'?",
                MINIMAL + "evaluation: {evry: 3}\n");
    }

    @Test
    void anUnknownOptionLikeNoneListsThoseThereAre() {
        assertError(
                "x.yaml:3:16: unknown option 'depth' of model gpt2; there are: layers, heads, width",
                MINIMAL + "model: {gpt2: {depth: 3}}\n");
        assertError(
                "x.yaml:3:23: unknown option 'color' of run listener console; there are none",
                MINIMAL + "listeners: {console: {color: red}}\n");
    }

    @Test
    void anUnknownExtensionListsThoseThereAreAndTheNearest() {
        assertError(
                "x.yaml:3:8: unknown model 'gtp2'; did you mean 'gpt2'? there are: gpt1, gpt2",
                MINIMAL + "model: gtp2\n");
        assertError(
                "x.yaml:2:8: unknown data source 'books'; there are: text, wordnet",
                "run: pretrain\ndata: {books: {path: a}}\n");
        assertError(
                "x.yaml:1:6: unknown run 'pretrian'; did you mean 'pretrain'? there are: pretrain",
                "run: pretrian\n");
    }

    @Test
    void anUnknownExtensionTellsOfRefusedPlugins() {
        Catalog catalog = new Catalog(List.of(), List.of("plugin gpu 1.0 was refused: too new"));
        InvalidInput error =
                assertThrows(InvalidInput.class, () -> catalog.find(TokenizerFactory.class, "bpe"));
        assertEquals(
                "unknown tokenizer 'bpe'; there is none (plugin gpu 1.0 was refused: too new)",
                error.getMessage());
    }

    @Test
    void whatIsMissingIsNamedWithItsMeaning() {
        assertError(
                "x.yaml:1:1: option 'data' of run pretrain is missing: Where the text comes from",
                "run: pretrain\n");
        assertError(
                "x.yaml:2:7: option 'path' of data source text is missing: A file of text",
                "run: pretrain\ndata: text\n");
        assertError(
                "x.yaml:1:1: option 'run' is missing: what to do, one of pretrain",
                "data: wordnet\n");
    }

    @Test
    void aWrongTypeSaysWhatWasExpectedAndWhatWasFound() {
        assertError(
                "x.yaml:3:8: expected a whole number of at least 1 for 'batch' of run pretrain, found"
                        + " 'six'",
                MINIMAL + "batch: six\n");
        assertError(
                "x.yaml:3:8: expected a whole number of at least 1 for 'batch' of run pretrain, found"
                        + " '1.5'",
                MINIMAL + "batch: 1.5\n");
        assertError(
                "x.yaml:3:8: expected a whole number below 2^31 for 'batch' of run pretrain, found"
                        + " '3e9'",
                MINIMAL + "batch: 3e9\n");
        assertError(
                "x.yaml:3:15: expected a number from 0 to 1 for 'learningRate' of run pretrain, found"
                        + " a list",
                MINIMAL + "learningRate: [1]\n");
        assertError(
                "x.yaml:3:21: expected true or false for 'atEnd' of 'evaluation', found 'yes'",
                MINIMAL + "evaluation: {atEnd: yes}\n");
        assertError(
                "x.yaml:3:13: expected a map of options for 'evaluation', found '5'",
                MINIMAL + "evaluation: 5\n");
        assertError(
                "x.yaml:3:10: expected a map for 'weights' of run pretrain, found '5'",
                MINIMAL + "weights: 5\n");
        assertError(
                "x.yaml:3:7: expected a path for 'cache' of run pretrain, found nothing",
                MINIMAL + "cache:\n");
        assertError(
                "x.yaml:2:7: expected one data source for 'data' of run pretrain, found a map with"
                        + " 'text', 'wordnet'",
                "run: pretrain\ndata: {text: {path: a}, wordnet: }\n");
    }

    @Test
    void whatIsWrongInAListIsNamedWithItsPlace() {
        String sources = MINIMAL + "sources:\n  - {name: a, weight: 1, data: wordnet}\n";
        assertError(
                "x.yaml:5:23: expected a number of at least 0 for 'weight' of 'sources', found"
                        + " '-1'",
                sources + "  - {name: b, weight: -1, data: wordnet}\n");
        assertError(
                "x.yaml:5:5: expected some weight for 'b'",
                sources + "  - {name: b, weight: 0, data: wordnet}\n");
        assertError(
                "x.yaml:5:32: unknown data source 'words'; there are: text, wordnet",
                sources + "  - {name: b, weight: 3, data: words}\n");
        assertError(
                "x.yaml:5:5: option 'data' of 'sources' is missing",
                sources + "  - {name: b, weight: 3}\n");
    }

    @Test
    void aValueOutOfRangeSaysTheRange() {
        assertError(
                "x.yaml:3:8: expected a whole number of at least 1 for 'batch' of run pretrain, found"
                        + " '0'",
                MINIMAL + "batch: 0\n");
        assertError(
                "x.yaml:3:15: expected a number from 0 to 1 for 'learningRate' of run pretrain, found"
                        + " '1.1'",
                MINIMAL + "learningRate: 1.1\n");
    }

    @Test
    void aWordThatIsNotAllowedListsThoseThatAre() {
        assertError(
                "x.yaml:3:9: expected one of never, auto for 'resume' of run pretrain, found 'aut';"
                        + " did you mean 'auto'?",
                MINIMAL + "resume: aut\n");
        assertError(
                "x.yaml:3:8: expected one of shuffled, sequential for 'order' of run pretrain, found"
                        + " 'any'",
                MINIMAL + "order: any\n");
    }

    @Test
    void aRecordThatRefusesItsOptionsIsReportedWithItsPlace() {
        assertError(
                "x.yaml:3:15: expected heads that divide the width, found 3 and 64",
                MINIMAL + "model: {gpt2: {heads: 3}}\n");
    }

    @Test
    void duplicateKeysAreRefused() {
        assertError("x.yaml:4:1: key 'batch' stands here twice", MINIMAL + "batch: 1\nbatch: 2\n");
    }

    @Test
    void whatIsNotYamlSaysWhere() {
        assertError(
                "x.yaml:3:9: not valid YAML: mapping values are not allowed here",
                MINIMAL + "batch: 1: 2\n");
        assertError("x.yaml:1:1: expected 'run: …' and options, found a list", "- a\n");
        assertError("x.yaml: expected a run file, found it empty", "# nothing\n");
        assertTrue(
                recipes.error("run: a\n---\nrun: b\n").startsWith("x.yaml:2:1: not valid YAML: "));
        assertError(
                "x.yaml:2:7: tags such as '!a' mean nothing here", "run: pretrain\ndata: !a b\n");
    }

    @Test
    void theFileItselfMayBeWrong() throws IOException {
        assertEquals("y.yaml: no such file", recipes.error(folder.resolve("y.yaml")));
        Path sub = Files.createDirectory(folder.resolve("sub"));
        assertEquals("sub: expected a YAML file, found a folder", recipes.error(sub));
        Path latin = Files.write(folder.resolve("l.yaml"), new byte[] {'a', (byte) 0xe9, ':'});
        assertEquals("l.yaml: expected UTF-8 text, found other bytes", recipes.error(latin));
        assertError(
                "x.yaml: expected at most 1 MiB of YAML, found more", "#".repeat((1 << 20) + 1));
    }

    @Test
    void anEmptyPathIsNoFile() {
        assertEquals("expected a YAML file, found an empty path", recipes.error(Path.of("")));
    }

    /** Not tried on a file: root may read them all. */
    @Test
    void aFileThatMayNotBeReadIsSaidInPlainWords() {
        assertEquals(
                "a.yaml: permission denied",
                YamlReader.unreadable(Path.of("a.yaml"), new AccessDeniedException("a.yaml"))
                        .getMessage());
    }

    @Test
    void depthAndAliasesAreBounded() {
        assertTrue(
                recipes.error("a: " + "[".repeat(60) + "]".repeat(60)).contains("Nesting Depth"));
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 8; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("a" + i + ": &a" + i + " [" + (alias + ", ").repeat(5) + alias + "]\n");
        }
        assertTrue(
                recipes.error(bomb.toString())
                        .endsWith("more than 100000 values, aliases written out"));
        assertTrue(recipes.error("a: &a [*a]\n").endsWith("nested deeper than 50 levels"));
    }

    @Test
    void aChainOfFilesHasABound() {
        for (int i = 1; i < 5000; i++) {
            recipes.write("e" + i + ".yaml", "extends: e" + (i + 1) + ".yaml\n");
        }
        recipes.write("e5000.yaml", MINIMAL);
        assertError("e99.yaml:1:10: more than 100 files extend one another", "extends: e1.yaml\n");
    }

    @Test
    void extendsMayGoWrong() {
        assertError("x.yaml:1:10: no file 'b.yaml' to extend", "extends: b.yaml\n");
        assertError("x.yaml:1:10: expected a file for 'extends', found a list", "extends: [a]\n");
        recipes.write("b.yaml", "extends: x.yaml\n");
        assertError(
                "b.yaml:1:10: 'extends' goes in a circle: 'x.yaml' leads back here",
                "extends: b.yaml\n");
        recipes.write("b.yaml", MINIMAL + "bacth: 3\n");
        assertError(
                "b.yaml:3:1: unknown option 'bacth' of run pretrain; did you mean 'batch'?",
                "extends: b.yaml\n");
    }

    @Test
    void messagesStayOnOneLineAndShort() {
        String error = recipes.error(MINIMAL + "batch: \"a\\nb" + "c".repeat(100) + "\"\n");
        assertEquals(1, error.lines().count());
        assertTrue(error.endsWith("c…'"), error);
    }

    @Test
    void twoExtensionsWithOneNameAreRefusedWithBothSuppliers() {
        List<Supplied> two =
                List.of(
                        new Supplied(new TestExtensions.Gpt2(), "plugin a 1.0"),
                        new Supplied(new TestExtensions.Gpt2(), "plugin b 2.0"));
        InvalidInput error = assertThrows(InvalidInput.class, () -> new Catalog(two, List.of()));
        assertEquals(
                "two extensions have one name: model 'gpt2' comes from plugin a 1.0 and from plugin b"
                        + " 2.0; remove one of them",
                error.getMessage());
    }
}
