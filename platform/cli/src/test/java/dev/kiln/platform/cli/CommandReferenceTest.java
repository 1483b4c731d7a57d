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
