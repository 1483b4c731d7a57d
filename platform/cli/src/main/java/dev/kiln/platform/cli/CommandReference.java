package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import picocli.CommandLine;

/** What shells and {@code man} know of the commands, made from the commands themselves. */
public final class CommandReference {
    private CommandReference() {}

    /**
     * Writes completions for bash, zsh and fish and the manual pages where systems look for them
     * below a prefix such as {@code /usr/share}.
     *
     * @param share a folder that exists
     */
    public static void write(Path share) throws IOException {
        CommandLine kiln = commands();
        write(share, "bash-completion/completions/kiln", BashCompletion.of(kiln));
        write(share, "zsh/site-functions/_kiln", ZshCompletion.of(kiln));
        write(share, "fish/vendor_completions.d/kiln.fish", FishCompletion.of(kiln));
        writeManual(share, kiln);
    }

    /** All commands, none of which may run. */
    static CommandLine commands() {
        Path here = Path.of("");
        Services none =
                new Services(
                        new Installation(here, here, here),
                        () -> {
                            throw new UnsupportedOperationException("commands are only described");
                        },
                        Pipes.standard());
        return Kiln.commandLine(none, EnumSet.allOf(Verb.class));
    }

    private static void writeManual(Path share, CommandLine command) throws IOException {
        String page = ManualPage.name(command);
        write(share, "man/man1/" + page + ".1", ManualPage.of(command));
        for (CommandLine sub : command.getCommandSpec().subcommands().values()) {
            writeManual(share, sub);
        }
    }

    private static void write(Path share, String file, String text) throws IOException {
        Path path = share.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
