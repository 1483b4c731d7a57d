package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.KilnRuntime;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kiln bench}: measures how fast Kiln is here. */
@Command(
        description = "Each prints medians of some rounds and what they were taken on.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class BenchCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    private BenchCommand() {}

    static CommandLine of(Supplier<KilnRuntime> runtimes, Pipes pipes) {
        return new CommandLine(new BenchCommand())
                .addSubcommand(new BenchKernelCommand(runtimes, pipes))
                .addSubcommand(new BenchTrainCommand(runtimes, pipes))
                .addSubcommand(new BenchGenerateCommand(runtimes, pipes))
                .addSubcommand(new BenchTokenizeCommand(runtimes, pipes));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "expected what to measure: kernel, train, generate or tokenize");
    }
}
