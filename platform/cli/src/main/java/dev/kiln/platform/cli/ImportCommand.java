package dev.kiln.platform.cli;

import dev.kiln.platform.exchange.ModelImport;
import dev.kiln.platform.exchange.ModelImport.Imported;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.RunContext;
import dev.kiln.platform.storage.StoredType;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln import}: a Hugging Face folder becomes a run folder. */
@Command(
        description =
                "That has config.json, model.safetensors or its index and shards, and a tokenizer's"
                        + " files if there are any.",
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
    private final Supplier<KilnRuntime> runtimes;

    @Parameters(paramLabel = "DIR", description = "A Hugging Face folder.")
    private String folder = "";

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "The run folder to make; by default runs/ and the name of DIR.")
    private Optional<String> out = Optional.empty();

    @Option(
            names = "--dtype",
            paramLabel = "float32|bfloat16",
            description = "What weights are kept in; by default as they are stored.")
    private Optional<String> type = Optional.empty();

    @Spec private CommandSpec spec = CommandSpec.create();

    ImportCommand(Supplier<KilnRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public Integer call() throws IOException {
        RunContext here = LookContext.here();
        Path source = here.resolve(folder);
        Path target = here.resolve(out.orElse("runs/" + source.getFileName()));
        RunContext context =
                new RunContext(here.seed(), here.startFolder(), here.userHome(), target);
        try (KilnRuntime kiln = runtimes.get()) {
            Consumer<String> notice = line -> spec.commandLine().getErr().println("kiln: " + line);
            Imported made =
                    kiln.injector()
                            .getInstance(ModelImport.class)
                            .run(source, type.map(ImportCommand::type), context, notice);
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "%s: %s, %,d parameters, vocabulary of %,d, %s%n",
                            target,
                            made.family(),
                            made.parameters(),
                            made.vocabulary(),
                            made.tokenizer()
                                    .map(name -> "tokenizer " + name)
                                    .orElse("no tokenizer"));
        }
        return 0;
    }

    private static StoredType type(String word) {
        return switch (word) {
            case "float32" -> StoredType.F32;
            case "bfloat16" -> StoredType.BF16;
            default ->
                    throw new InvalidInput(
                            "--dtype: expected float32 or bfloat16, got '" + word + "'");
        };
    }
}
