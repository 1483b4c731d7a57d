package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a shell offers at the end of a line; each is asked itself, where it is installed. */
@Timeout(120)
class CompletionTest {
    /** Of all tests: zsh keeps the names of its functions there, which takes it long to collect. */
    @TempDir private static Path home;

    @TempDir private Path share;
    @TempDir private Path here;

    /** A shell, and how to ask it: its words before the script's path and the line. */
    enum Shell {
        bash(
                "bash-completion/completions/kiln",
                "--norc",
                "-c",
                """
                source "$0"; line=${1//=/ = }
                read -ra COMP_WORDS <<< "$line"
                [[ $line == *' ' ]] && COMP_WORDS+=("")
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _kiln; printf '%s\\n' "${COMPREPLY[@]}"
                """),
        zsh("zsh/site-functions", "-f", zshScript()),
        fish(
                "fish/vendor_completions.d/kiln.fish",
                "--no-config",
                "-c",
                "source $argv[1]; complete -C $argv[2]");

        private final String script;
        private final List<String> asking;

        Shell(String script, String... asking) {
            this.script = script;
            this.asking = List.of(asking);
        }

        private static String zshScript() {
            try {
                return Path.of(CompletionTest.class.getResource("/offers.zsh").toURI()).toString();
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @BeforeEach
    void someFilesAndFolders() throws IOException {
        CommandReference.write(share);
        Files.createDirectories(here.resolve("hub"));
        Files.createDirectories(here.resolve("runs/quick"));
        Files.createFile(here.resolve("hello.yaml"));
        Files.createFile(here.resolve("runs/quiet.txt"));
    }

    /** Words without what fish and zsh say of them, and folders without the slash at their end. */
    private Set<String> offers(Shell shell, String line) throws Exception {
        Assumptions.assumeTrue(
                CommandReferenceTest.isInstalled(shell.name()), shell + " is absent");
        Path said = share.resolve("said.txt");
        ProcessBuilder asking = new ProcessBuilder(shell.name());
        asking.command().addAll(shell.asking);
        asking.command().addAll(List.of(share.resolve(shell.script).toString(), line));
        asking.environment().put("HOME", home.toString());
        Process process =
                asking.directory(here.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        process.waitFor();
        Set<String> words = new TreeSet<>();
        for (String word : Files.readAllLines(said)) {
            words.add(word.replaceFirst("\t.*", "").replaceFirst("/$", ""));
        }
        words.remove("");
        return words;
    }

    private void assertOffers(Shell shell, String line, String... words) throws Exception {
        assertEquals(new TreeSet<>(Arrays.asList(words)), offers(shell, line), line);
    }

    @ParameterizedTest
    @EnumSource
    void theFewWordsThatAnOptionMayHaveAreOffered(Shell shell) throws Exception {
        assertOffers(shell, "kiln quantize --to ", "int8", "int4", "bfloat16");
        assertOffers(shell, "kiln export --dtype ", "float32", "bfloat16", "float16");
        assertOffers(shell, "kiln export --checkpoint ", "best", "last");
        assertOffers(shell, "kiln bench train --state ", "float32", "int8");
        assertOffers(shell, "kiln plugins new --point s", "sampler", "schedule");
        assertOffers(shell, "kiln logits --ids ");
    }

    @ParameterizedTest
    @EnumSource
    void foldersAreOfferedWhereAModelOrAFolderIsExpected(Shell shell) throws Exception {
        assertOffers(shell, "kiln import h", "hub");
        assertOffers(shell, "kiln import --out r", "runs");
        assertOffers(shell, "kiln quantize r", "runs");
        assertOffers(shell, "kiln logits --ids 1,2 h", "hub");
        assertOffers(shell, "kiln export runs/quick h", "hub");
        assertOffers(shell, "kiln bench generate --from h", "hub");
        assertTrue(offers(shell, "kiln logits runs/q").stream().anyMatch(w -> w.endsWith("quick")));
    }

    @ParameterizedTest
    @EnumSource
    void filesAreOfferedWhereAFileIsExpected(Shell shell) throws Exception {
        assertOffers(shell, "kiln run he", "hello.yaml");
        assertOffers(shell, "kiln plugins verify h", "hello.yaml", "hub");
        assertOffers(shell, "kiln bench tokenize --file he", "hello.yaml");
        assertOffers(shell, "kiln schema h");
        assertOffers(shell, "kiln plan hello.yaml he", "hello.yaml");
    }

    @ParameterizedTest
    @EnumSource
    void aVerbsNameIsItsOnlyWhereAVerbIsExpected(Shell shell) throws Exception {
        assertOffers(shell, "kiln to", "tokenize");
        assertOffers(shell, "kiln plugins keys ", "add", "generate", "list", "remove");
        assertOffers(shell, "kiln help to", "tokenize");
        assertOffers(shell, "kiln import pl");
        assertOffers(shell, "kiln bench tokenize --li");
        assertOffers(shell, "kiln tokenize --li", "--lines");
        assertOffers(shell, "kiln import plan --m");
        assertOffers(shell, "kiln logits --text plan --m");
        assertOffers(shell, "kiln plan --m", "--measure");
    }

    /** In fish the option's name belongs to the word that is completed. */
    @ParameterizedTest
    @EnumSource
    void aValueMayStandBehindAnEqualsSign(Shell shell) throws Exception {
        boolean whole = shell == Shell.fish;
        assertOffers(shell, "kiln quantize --to=b", (whole ? "--to=" : "") + "bfloat16");
        assertOffers(shell, "kiln import --out=r", (whole ? "--out=" : "") + "runs");
    }
}
