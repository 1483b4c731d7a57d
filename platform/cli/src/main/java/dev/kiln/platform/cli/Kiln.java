package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.Installation;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.PluginStore;
import dev.kiln.platform.runtime.SpiVersion;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The {@code kiln} command. Exits with 0 when all is well, 2 for the user's mistakes, 1 for Kiln's.
 */
@Command(
        name = "kiln",
        description = "Trains, tunes, evaluates and runs GPT models from YAML recipes.",
        mixinStandardHelpOptions = true,
        versionProvider = Kiln.Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Kiln implements Runnable {

    @Option(
            names = "--debug",
            description = "Print the stack trace of an error.",
            scope = ScopeType.INHERIT)
    private boolean debug;

    @Spec private CommandSpec spec = CommandSpec.create();

    private Kiln() {}

    /** Runs a command and ends the process. */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        Installation here = Installation.current();
        Supplier<KilnRuntime> runtimes = () -> KilnRuntime.start(here, PlatformExtensions.module());
        System.exit(execute(here, runtimes, Pipes.standard(), out, err, arguments));
    }

    /**
     * Runs a command.
     *
     * @param installation what the verbs that start nothing look at
     * @param runtimes starts Kiln for the verbs that need it; they close it
     * @return the exit code
     */
    static int execute(
            Installation installation,
            Supplier<KilnRuntime> runtimes,
            PrintWriter out,
            PrintWriter err,
            String... arguments) {
        return execute(installation, runtimes, Pipes.standard(), out, err, arguments);
    }

    /**
     * As above.
     *
     * @param pipes what verbs that pass data on read and write
     */
    static int execute(
            Installation installation,
            Supplier<KilnRuntime> runtimes,
            Pipes pipes,
            PrintWriter out,
            PrintWriter err,
            String... arguments) {
        CommandLine command = commandLine(installation, runtimes, pipes, out, err);
        try {
            return command.execute(arguments);
        } catch (Error e) { // memory that ran out, a native library that does not fit
            return ((Errors) command.getExecutionExceptionHandler()).internal(e, command);
        }
    }

    /** All commands. */
    static CommandLine commandLine(
            Installation installation,
            Supplier<KilnRuntime> runtimes,
            Pipes pipes,
            PrintWriter out,
            PrintWriter err) {
        Kiln kiln = new Kiln();
        Errors errors = new Errors(() -> kiln.debug);
        return new CommandLine(kiln)
                .addSubcommand(new RunCommand(runtimes))
                .addSubcommand(new ValidateCommand(runtimes))
                .addSubcommand(new LogitsCommand(runtimes))
                .addSubcommand(new TokenizeCommand(runtimes, pipes))
                .addSubcommand(new DetokenizeCommand(runtimes, pipes))
                .addSubcommand(new InspectCommand(runtimes, pipes))
                .addSubcommand(new SchemaCommand(runtimes))
                .addSubcommand(new PlanCommand(runtimes))
                .addSubcommand(BenchCommand.of(runtimes, pipes))
                .addSubcommand(new ImportCommand(runtimes))
                .addSubcommand(new ExportCommand(runtimes))
                .addSubcommand(new QuantizeCommand(runtimes))
                .addSubcommand(new DoctorCommand(runtimes))
                .addSubcommand(PluginsCommand.of(runtimes, new PluginStore(installation)))
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .setOut(out)
                .setErr(err);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command");
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"kiln " + SpiVersion.current()};
        }
    }
}
