package dev.kiln.platform.cli;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.benchmark.TrainBenchmark;
import dev.kiln.platform.benchmark.Workload;
import dev.kiln.platform.benchmark.Workloads;
import dev.kiln.platform.runtime.KilnRuntime;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kiln bench train}: training steps. */
@Command(
        name = "train",
        description = "Measures training steps: forward, backward, clipping at 1.0, AdamW.",
        mixinStandardHelpOptions = true)
final class BenchTrainCommand implements Callable<Integer> {
    /** Tokens of a sequence, if nothing is said. */
    static final int CONTEXT = 256;

    private final Supplier<KilnRuntime> runtimes;
    private final Pipes pipes;
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private BenchModel model = new BenchModel();
    @Mixin private BenchRounds rounds = new BenchRounds();

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "4",
            description = "Sequences of a step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--context",
            paramLabel = "N",
            description = "Tokens of a sequence (default: 256, or the model's context if shorter).")
    private Optional<Integer> context = Optional.empty();

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "1",
            description = "Steps of a round (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(
            names = "--checkpointing",
            description = "Compute the activations of blocks anew for backward.")
    private boolean checkpointing;

    @Option(
            names = "--state",
            paramLabel = "float32|int8",
            completionCandidates = States.class,
            description = "Of AdamW's moments (default: float32).")
    private Optional<String> state = Optional.empty();

    /** The words of {@code --state}. */
    static final class States implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("float32", "int8").iterator();
        }
    }

    BenchTrainCommand(Supplier<KilnRuntime> runtimes, Pipes pipes) {
        this.runtimes = runtimes;
        this.pipes = pipes;
    }

    @Override
    public Integer call() throws IOException {
        rounds.check();
        BenchModel.expect("--batch", batch, 1, 65_536);
        BenchModel.expect("--steps", steps, 1, 1_000_000);
        try (KilnRuntime kiln = runtimes.get()) {
            Workload found = model.find(kiln);
            Workloads workloads = kiln.injector().getInstance(Workloads.class);
            Workload workload = state.map(workloads::adamW).map(found::with).orElse(found);
            int length = workload.length(context, CONTEXT);
            try (TrainBenchmark benchmark =
                    new TrainBenchmark(
                            new TrainBenchmark.Run(
                                    workload,
                                    batch,
                                    length,
                                    steps,
                                    recomputing(),
                                    workloads.compact(workload)))) {
                rounds.run(benchmark, pipes, spec.commandLine().getOut());
            }
        }
        return 0;
    }

    private ActivationCheckpointing recomputing() {
        return checkpointing ? ActivationCheckpointing.BLOCKS : ActivationCheckpointing.NONE;
    }
}
