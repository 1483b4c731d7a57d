package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.Installation;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.SpiVersion;
import dev.kiln.spi.InvalidInput;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * The {@code kiln} command. Exits with 0 when all is well, 2 for the user's mistakes, 1 for Kiln's.
 */
public final class Kiln {
    private Kiln() {}

    /** Runs a command and ends the process. */
    public static void main(String[] arguments) {
        // Else picocli looks for Groovy in every jar, which takes a third of a call for help.
        System.setProperty("picocli.disable.closures", "true");
        Output output = Output.standard();
        System.setOut(Output.shared(output, System.out.charset()));
        System.setErr(Output.shared(System.err, System.err.charset()));
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        Installation here;
        try {
            here = Installation.current();
        } catch (InvalidInput e) {
            err.println("kiln: " + e.getMessage());
            System.exit(Errors.USERS);
            return;
        }
        AtomicBoolean started = new AtomicBoolean();
        Services services =
                new Services(
                        here,
                        () -> {
                            started.set(true);
                            return KilnRuntime.start(here, PlatformExtensions.module());
                        },
                        Pipes.standard());
        int code = execute(services, out, err, arguments);
        out.flush();
        if (code == 0 && output.lost().isPresent()) {
            err.println("kiln: " + output.lost().get());
            code = Errors.USERS;
        }
        // Backends may leave threads behind. Where none was started, Java ends by itself, sooner
        // than by exit, which looks for a logger first.
        if (code != 0 || started.get()) {
            System.exit(code);
        }
    }

    /**
     * Runs a command.
     *
     * @return the exit code
     */
    static int execute(Services services, PrintWriter out, PrintWriter err, String... arguments) {
        List<String> words = List.of(arguments);
        EnumSet<Verb> called = EnumSet.allOf(Verb.class);
        called.removeIf(verb -> !words.contains(verb.word()));
        Errors errors = new Errors(() -> words.contains("--debug"));
        CommandLine command =
                commandLine(services, called)
                        .setExpandAtFiles(false)
                        .setParameterExceptionHandler(errors)
                        .setExecutionExceptionHandler(errors)
                        .setOut(out)
                        .setErr(err);
        try {
            return command.execute(arguments);
        } catch (Error e) { // memory that ran out, a native library that does not fit
            return errors.error(e, command);
        }
    }

    /**
     * All verbs.
     *
     * @param called the ones that are more than listed
     */
    static CommandLine commandLine(Services services, Set<Verb> called) {
        // Without annotations, for a quick start: see Verb.
        CommandSpec spec = CommandSpec.create().name("kiln");
        spec.usageMessage()
                .description("Trains, tunes, evaluates and runs GPT models from YAML recipes.")
                .synopsisSubcommandLabel("COMMAND");
        spec.versionProvider(() -> new String[] {"kiln " + SpiVersion.current()})
                .addOption(
                        OptionSpec.builder("--debug")
                                .type(boolean.class)
                                .scopeType(ScopeType.INHERIT)
                                .description("Print the stack trace of an error.")
                                .build())
                .addOption(
                        OptionSpec.builder("-h", "--help")
                                .usageHelp(true)
                                .description("Show this help message and exit.")
                                .build())
                .addOption(
                        OptionSpec.builder("-V", "--version")
                                .versionHelp(true)
                                .description("Print version information and exit.")
                                .build());
        for (Verb verb : Verb.values()) {
            spec.addSubcommand(
                    verb.word(), called.contains(verb) ? verb.called(services) : verb.listed());
        }
        CommandLine command = new CommandLine(spec);
        return command.setExecutionStrategy(
                parsed -> {
                    if (!parsed.hasSubcommand() && !isAnswered(parsed)) {
                        throw new ParameterException(command, "expected a command");
                    }
                    return new CommandLine.RunLast().execute(parsed);
                });
    }

    private static boolean isAnswered(CommandLine.ParseResult parsed) {
        return parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
    }
}
