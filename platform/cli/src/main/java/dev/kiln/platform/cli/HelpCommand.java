package dev.kiln.platform.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln help}: what a command's own {@code --help} says. */
@Command(mixinStandardHelpOptions = true)
final class HelpCommand implements Runnable {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "VERB",
            completionCandidates = Verbs.class,
            description = "Such as run; if left out, a list of all verbs.")
    private Optional<String> verb = Optional.empty();

    /** The words of VERB. */
    static final class Verbs implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(Verb.values()).map(Verb::word).iterator();
        }
    }

    @Parameters(
            index = "1..*",
            paramLabel = "COMMAND",
            description = "A command of the verb, such as install of plugins.")
    private List<String> commands = new ArrayList<>();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        CommandLine asked = spec.root().commandLine();
        for (String word : Stream.concat(verb.stream(), commands.stream()).toList()) {
            asked = below(asked, word);
        }
        asked.usage(spec.commandLine().getOut());
    }

    private static CommandLine below(CommandLine command, String word) {
        CommandLine found = command.getSubcommands().get(word);
        if (found == null) {
            throw Errors.unknown(command, word);
        }
        return found;
    }
}
