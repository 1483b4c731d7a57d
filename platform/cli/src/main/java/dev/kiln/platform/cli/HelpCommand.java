package dev.kiln.platform.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln help}: what a command's own {@code --help} says. */
@Command(mixinStandardHelpOptions = true)
final class HelpCommand implements Runnable {
    @Parameters(
            paramLabel = "VERB",
            description = "A command, such as run or plugins install; if left out, all verbs.")
    private List<String> verbs = new ArrayList<>();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        CommandLine asked = spec.root().commandLine();
        for (String verb : verbs) {
            CommandLine next = asked.getSubcommands().get(verb);
            if (next == null) {
                throw Errors.unknown(asked, verb);
            }
            asked = next;
        }
        asked.usage(spec.commandLine().getOut());
    }
}
