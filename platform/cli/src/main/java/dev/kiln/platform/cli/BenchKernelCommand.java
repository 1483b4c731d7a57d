package dev.kiln.platform.cli;

import dev.kiln.platform.benchmark.KernelBenchmark;
import dev.kiln.platform.benchmark.Workload;
import dev.kiln.platform.runtime.KilnRuntime;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kiln bench kernel}: every kernel beside the machine's roofline. */
@Command(
        name = "kernel",
        description = {
            "Measures every kernel at a model's sizes, and how near it comes to what bounds it:",
            "the memory's bandwidth or the backend's fastest matrix product."
        },
        mixinStandardHelpOptions = true)
final class BenchKernelCommand implements Callable<Integer> {
    private final Supplier<KilnRuntime> runtimes;
    private final Pipes pipes;
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private BenchModel model = new BenchModel();
    @Mixin private BenchRounds rounds = new BenchRounds();

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "4",
            description = "Sequences (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--context",
            paramLabel = "N",
            description = "Tokens of a sequence (default: 256, or the model's context if shorter).")
    private Optional<Integer> context = Optional.empty();

    BenchKernelCommand(Supplier<KilnRuntime> runtimes, Pipes pipes) {
        this.runtimes = runtimes;
        this.pipes = pipes;
    }

    @Override
    public Integer call() throws IOException {
        rounds.check();
        BenchModel.expect("--batch", batch, 1, 65_536);
        try (KilnRuntime kiln = runtimes.get()) {
            Workload workload = model.find(kiln);
            int length = workload.length(context, BenchTrainCommand.CONTEXT);
            try (KernelBenchmark benchmark =
                    new KernelBenchmark(new KernelBenchmark.Run(workload, batch, length))) {
                rounds.run(benchmark, pipes, spec.commandLine().getOut());
            }
        }
        return 0;
    }
}
