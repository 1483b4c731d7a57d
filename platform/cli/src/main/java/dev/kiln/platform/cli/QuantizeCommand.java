package dev.kiln.platform.cli;

import dev.kiln.platform.exchange.ModelQuantization;
import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.RunContext;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.WeightFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln quantize}: a model with its matrices in fewer bits. */
@Command(
        description =
                "int8 and int4 have a scale for every 32 elements; tables that are only looked up become"
                        + " bfloat16, vectors stay float32.",
        mixinStandardHelpOptions = true)
final class QuantizeCommand implements Callable<Integer> {
    private final Supplier<KilnRuntime> runtimes;
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "MODEL", description = "A run folder or a Hugging Face folder.")
    private String model = "";

    @Option(
            names = "--to",
            paramLabel = "int8|int4|bfloat16",
            completionCandidates = Formats.class,
            required = true,
            description = "What matrices are kept in (required).")
    private String to = "";

    /** The words of {@code --to}. */
    static final class Formats implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("int8", "int4", "bfloat16").iterator();
        }
    }

    @Mixin private NewFolderOption out = new NewFolderOption();

    @Mixin private CheckpointOption checkpoint = new CheckpointOption();

    @Option(
            names = "--evaluate",
            paramLabel = "TEXTFILE",
            arity = "0..1",
            fallbackValue = "",
            description =
                    "Measure the original and the new model on a text; without TEXTFILE on what the"
                            + " run held out.")
    private Optional<String> evaluate = Optional.empty();

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "What --evaluate computes with (default: ${DEFAULT-VALUE}).")
    private String backend = "";

    QuantizeCommand(Supplier<KilnRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public Integer call() throws IOException {
        WeightFormat format = format(to);
        RunContext here = LookContext.here();
        Path source = here.resolve(model);
        Path target = out.in(here);
        PrintWriter terminal = spec.commandLine().getOut();
        Consumer<String> notice = line -> spec.commandLine().getErr().println("kiln: " + line);
        RunContext context = out.context(here);
        try (KilnRuntime kiln = runtimes.get()) {
            TrainedModel trained = kiln.injector().getInstance(TrainedModel.class);
            Optional<ModelQuality> quality = quality(kiln, source);
            List<List<String>> figures = new ArrayList<>();
            try (StoredModel stored = trained.find(source, checkpoint.best(), context, notice)) {
                List<ModelQuantization.Line> lines =
                        kiln.injector()
                                .getInstance(ModelQuantization.class)
                                .run(
                                        stored,
                                        format,
                                        context,
                                        made -> {
                                            if (quality.isPresent()) {
                                                figures.addAll(
                                                        quality.get()
                                                                .compare(
                                                                        source,
                                                                        checkpoint.best(),
                                                                        made,
                                                                        to));
                                            }
                                        });
                new QuantizedLines(lines).print(target, terminal);
            }
            if (!figures.isEmpty()) {
                Table.print(terminal, figures, 1);
            }
        }
        return 0;
    }

    private Optional<ModelQuality> quality(KilnRuntime kiln, Path source) throws IOException {
        return evaluate.isEmpty()
                ? Optional.empty()
                : Optional.of(ModelQuality.of(kiln, backend, source, evaluate.get()));
    }

    private static WeightFormat format(String word) {
        return switch (word) {
            case "int8" -> WeightFormat.INT8;
            case "int4" -> WeightFormat.INT4;
            case "bfloat16" -> WeightFormat.BFLOAT16;
            default ->
                    throw new InvalidInput(
                            "--to: expected int8, int4 or bfloat16, got '" + word + "'");
        };
    }
}
