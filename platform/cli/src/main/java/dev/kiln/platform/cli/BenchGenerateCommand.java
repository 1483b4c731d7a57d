package dev.kiln.platform.cli;

import dev.kiln.platform.benchmark.GenerateBenchmark;
import dev.kiln.platform.benchmark.ModelSource;
import dev.kiln.platform.benchmark.RandomModel;
import dev.kiln.platform.benchmark.Workload;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.spi.backend.WeightFormat;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kiln bench generate}: a long prompt, one stream, many streams. */
@Command(
        name = "generate",
        description = "Measures greedy generation: a long prompt, one stream, many at once.",
        mixinStandardHelpOptions = true)
final class BenchGenerateCommand implements Callable<Integer> {
    private final Supplier<KilnRuntime> runtimes;
    private final Pipes pipes;
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private BenchModel model = new BenchModel();
    @Mixin private BenchRounds rounds = new BenchRounds();

    @Option(
            names = "--format",
            paramLabel = "float32|bfloat16|int8|int4",
            description = "Of random weights (default: bfloat16 where the backend has it).")
    private Optional<Formats> format = Optional.empty();

    @Option(
            names = "--from",
            paramLabel = "FOLDER",
            description = "A run folder or a Hugging Face folder, in place of random weights.")
    private Optional<String> folder = Optional.empty();

    @Option(
            names = "--prompt",
            paramLabel = "N",
            description = "Tokens of the long prompt (default: 512, or the model's context).")
    private Optional<Integer> prompt = Optional.empty();

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Tokens that a stream writes (default: ${DEFAULT-VALUE}).")
    private int tokens;

    @Option(
            names = "--streams",
            paramLabel = "N",
            defaultValue = "16",
            description = "Streams at once (default: ${DEFAULT-VALUE}); 1 for no more than one.")
    private int streams;

    /** The words of {@code --format}. */
    enum Formats {
        float32,
        bfloat16,
        int8,
        int4
    }

    BenchGenerateCommand(Supplier<KilnRuntime> runtimes, Pipes pipes) {
        this.runtimes = runtimes;
        this.pipes = pipes;
    }

    @Override
    public Integer call() throws IOException {
        rounds.check();
        BenchModel.expect("--tokens", tokens, 3, 1_000_000);
        BenchModel.expect("--streams", streams, 1, 4096);
        try (KilnRuntime kiln = runtimes.get()) {
            Workload workload = model.find(kiln);
            try (GenerateBenchmark benchmark =
                    new GenerateBenchmark(
                            new GenerateBenchmark.Run(
                                    workload, source(kiln), prompt, tokens, streams))) {
                rounds.run(benchmark, pipes, spec.commandLine().getOut());
            }
        }
        return 0;
    }

    private ModelSource source(KilnRuntime kiln) {
        if (folder.isPresent()) {
            return new ModelSource.Folder(
                    kiln.injector().getInstance(TrainedModel.class),
                    folder.get(),
                    line -> spec.commandLine().getErr().println("kiln: " + line));
        }
        return new RandomModel(
                format.map(word -> WeightFormat.valueOf(word.name().toUpperCase(Locale.ROOT))));
    }
}
