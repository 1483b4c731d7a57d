package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

class CommandReferenceTest {
    @TempDir private Path share;

    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                command.getCommandSpec().subcommands().values().stream()
                        .flatMap(CommandReferenceTest::all));
    }

    @Test
    void everyCommandHasAPageThatNamesItsOptions() throws IOException {
        CommandReference.write(share);
        for (CommandLine command : all(CommandReference.commands()).toList()) {
            Path file = share.resolve("man/man1/" + ManualPage.name(command) + ".1");
            String page = Files.readString(file);
            String name = ManualPage.name(command).toUpperCase(Locale.ROOT);
            assertTrue(page.startsWith(".TH " + name + " 1 "), page);
            command.getCommandSpec()
                    .optionsMap()
                    .keySet()
                    .forEach(option -> assertTrue(page.contains(option.replace("-", "\\-")), page));
        }
    }

    @Test
    void everyArgumentSaysWhatItIsAndIfAnOptionIsRequired() {
        for (CommandLine command : all(CommandReference.commands()).toList()) {
            for (ArgSpec argument : command.getCommandSpec().args()) {
                String about = command.getCommandSpec().qualifiedName() + " " + argument;
                String sentence = ManualPage.sentence(argument);
                assertTrue(sentence.endsWith("."), about + ": " + sentence);
                assertEquals(
                        argument.isOption() && argument.required(),
                        sentence.contains("(required"),
                        about + ": " + sentence);
            }
            String summary = ManualPage.summary(command.getCommandSpec());
            assertTrue(summary.endsWith("."), summary);
        }
    }

    /** A page without the marks that keep dashes and tildes as they are. */
    private static String page(String... words) {
        CommandLine command = CommandReference.commands();
        for (String word : words) {
            command = command.getSubcommands().get(word);
        }
        return ManualPage.of(command).replace("\\-", "-").replace("\\(ti", "~");
    }

    private static void assertSynopsis(String synopsis, String... words) {
        String page = page(words);
        assertTrue(page.contains(".SH SYNOPSIS\n" + synopsis + "\n.SH DESCRIPTION"), page);
    }

    @Test
    void aSynopsisTellsWhatMayBeLeftOutAndWhatMayNot() {
        assertSynopsis("kiln [OPTIONS] COMMAND");
        assertSynopsis("kiln run [OPTIONS] CONFIG [key=value...]", "run");
        assertSynopsis(
                "kiln quantize [OPTIONS] --to int8|int4|bfloat16 --out FOLDER MODEL", "quantize");
        assertSynopsis(
                "kiln logits [OPTIONS] --out FILE (--ids IDS | --text TEXT) MODEL", "logits");
        assertSynopsis("kiln plugins [OPTIONS] [COMMAND]", "plugins");
        assertSynopsis("kiln help [OPTIONS] [VERB] [COMMAND...]", "help");
    }

    @Test
    void everyPageHasTheExitCodesAndTheFirstTheEnvironment() {
        for (CommandLine command : all(CommandReference.commands()).toList()) {
            assertTrue(ManualPage.of(command).contains(".SH EXIT STATUS\n.TP\n.B 0\nDone.\n"));
        }
        String kiln = page();
        for (String variable : List.of("KILN_JAVA_OPTS", "KILN_DATA_HOME", "XDG_CACHE_HOME")) {
            assertTrue(kiln.contains("\n.TP\n.B " + variable + "\n"), kiln);
        }
        assertTrue(
                page("plugins", "keys", "add")
                        .endsWith("kiln-plugins-keys(1), kiln-plugins(1), kiln(1)\n"));
    }

    @Test
    void writesTheSameTwice() throws IOException {
        Path other = Files.createDirectories(share.resolve("other"));
        CommandReference.write(share);
        CommandReference.write(other);
        try (Stream<Path> files = Files.walk(other)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path twin = share.resolve(other.relativize(file));
                assertEquals(-1, Files.mismatch(twin, file), file.toString());
            }
        }
    }

    /** Each shell is the judge of its own script, where it is installed. */
    @ParameterizedTest
    @CsvSource({
        "bash, bash-completion/completions/kiln",
        "zsh, zsh/site-functions/_kiln",
        "fish, fish/vendor_completions.d/kiln.fish"
    })
    void theShellFindsNoFaultInItsScript(String shell, String script) throws Exception {
        CommandReference.write(share);
        Assumptions.assumeTrue(isInstalled(shell), shell + " is not installed");
        Path said = share.resolve("said.txt");
        Process check =
                new ProcessBuilder(List.of(shell, "-n", share.resolve(script).toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        assertEquals(0, check.waitFor(), Files.readString(said));
    }

    static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
