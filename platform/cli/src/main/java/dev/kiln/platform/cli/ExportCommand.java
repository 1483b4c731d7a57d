package dev.kiln.platform.cli;

import dev.kiln.platform.exchange.ExportOptions;
import dev.kiln.platform.exchange.ModelExport;
import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.RunContext;
import dev.kiln.platform.storage.StoredType;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln export}: a model becomes a Hugging Face folder. */
@Command(mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*([KMGT]?)B");
    private static final List<String> UNITS = List.of("", "K", "M", "G", "T");

    private final Supplier<KilnRuntime> runtimes;

    @Parameters(index = "0", paramLabel = "RUN", description = "A run folder.")
    private String run = "";

    @Parameters(
            index = "1",
            paramLabel = "DIR",
            description = "The folder to make; it must not exist or be empty.")
    private String folder = "";

    @Option(
            names = "--max-shard-size",
            paramLabel = "SIZE",
            defaultValue = "5GB",
            description =
                    "The most that a file may hold, for example 500MB (default: ${DEFAULT-VALUE}).")
    private String maxShardSize = "5GB";

    @Option(
            names = "--dtype",
            paramLabel = "float32|bfloat16|float16",
            defaultValue = "float32",
            completionCandidates = Types.class,
            description = "What tensors are kept in (default: ${DEFAULT-VALUE}).")
    private String type = "float32";

    /** The words of {@code --dtype}. */
    static final class Types implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("float32", "bfloat16", "float16").iterator();
        }
    }

    @Mixin private CheckpointOption checkpoint = new CheckpointOption();

    @Spec private CommandSpec spec = CommandSpec.create();

    ExportCommand(Supplier<KilnRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public Integer call() throws IOException {
        ExportOptions options = new ExportOptions(type(type), bytes(maxShardSize));
        RunContext context = LookContext.here();
        Path target = context.resolve(folder);
        Consumer<String> notice = line -> spec.commandLine().getErr().println("kiln: " + line);
        try (KilnRuntime kiln = runtimes.get();
                StoredModel stored =
                        kiln.injector()
                                .getInstance(TrainedModel.class)
                                .find(context.resolve(run), checkpoint.best(), context, notice)) {
            kiln.injector()
                    .getInstance(ModelExport.class)
                    .run(stored, target, options, context, notice);
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "%s: %s, vocabulary of %,d, %s%n",
                            target,
                            stored.model().name(),
                            stored.vocabulary(),
                            type);
        }
        return 0;
    }

    private static StoredType type(String word) {
        return switch (word) {
            case "float32" -> StoredType.F32;
            case "bfloat16" -> StoredType.BF16;
            case "float16" -> StoredType.F16;
            default ->
                    throw new InvalidInput(
                            "--dtype: expected float32, bfloat16 or float16, got '" + word + "'");
        };
    }

    /** A unit is a thousand of the one before, as in transformers. */
    static long bytes(String size) {
        Matcher matcher = SIZE.matcher(size.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new InvalidInput(
                    "--max-shard-size: expected a size such as 500MB or 5GB, got '" + size + "'");
        }
        int power = 3 * UNITS.indexOf(matcher.group(2));
        return new BigDecimal(matcher.group(1)).scaleByPowerOfTen(power).longValue();
    }
}
