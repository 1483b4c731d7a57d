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

/** {@code kiln bench kernel}: kernels beside the machine's roofline. */
@Command(
        name = "kernel",
        description = {
            "Measures every kernel at a model's sizes, and how near it comes to what bounds it.",
            "That is the memory's bandwidth or the backend's fastest matrix product."
        },
        mixinStandardHelpOptions = true)
final class BenchKernelCommand implements Callable<Integer> {
    private static final int LONGEST = 65_536;

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

    @Option(
            names = "--window",
            paramLabel = "N",
            description = {
                "Attention alone: dense, and with N keys a query; --context may then be longer than"
                        + " the model's."
            })
    private Optional<Integer> window = Optional.empty();

    BenchKernelCommand(Supplier<KilnRuntime> runtimes, Pipes pipes) {
        this.runtimes = runtimes;
        this.pipes = pipes;
    }

    @Override
    public Integer call() throws IOException {
        rounds.check();
        BenchModel.expect("--batch", batch, 1, 65_536);
        window.ifPresent(keys -> BenchModel.expect("--window", keys, 1, LONGEST));
        try (KilnRuntime kiln = runtimes.get()) {
            Workload workload = model.find(kiln);
            KernelBenchmark.Run run =
                    new KernelBenchmark.Run(workload, batch, length(workload), window);
            try (KernelBenchmark benchmark = new KernelBenchmark(run)) {
                rounds.run(benchmark, pipes, spec.commandLine().getOut());
            }
        }
        return 0;
    }

    private int length(Workload workload) {
        if (window.isEmpty() || context.isEmpty()) {
            return workload.length(context, BenchTrainCommand.CONTEXT);
        }
        BenchModel.expect("--context", context.get(), 1, LONGEST);
        return context.get();
    }
}
