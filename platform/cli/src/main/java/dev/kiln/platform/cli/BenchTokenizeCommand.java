package dev.kiln.platform.cli;

import dev.kiln.platform.benchmark.TokenizeBenchmark;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kiln bench tokenize}: a tokenizer on a text, there and back. */
@Command(
        name = "tokenize",
        description = "Measures a tokenizer on a text, there and back.",
        mixinStandardHelpOptions = true)
final class BenchTokenizeCommand implements Callable<Integer> {
    private final Supplier<KilnRuntime> runtimes;
    private final Pipes pipes;
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private BenchRounds rounds = new BenchRounds();

    @Option(
            names = "--tokenizer",
            paramLabel = "MODEL",
            defaultValue = "gpt2",
            description = {
                "A tokenizer's name, a run folder or a Hugging Face folder"
                        + " (default: ${DEFAULT-VALUE})."
            })
    private String tokenizer = "";

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Text to tokenize; if left out, 4 MB of made-up words.")
    private Optional<String> file = Optional.empty();

    BenchTokenizeCommand(Supplier<KilnRuntime> runtimes, Pipes pipes) {
        this.runtimes = runtimes;
        this.pipes = pipes;
    }

    @Override
    public Integer call() throws IOException {
        rounds.check();
        try (KilnRuntime kiln = runtimes.get()) {
            Tokenizer found = new ModelTokenizer(kiln).find(tokenizer);
            String source = file.orElse("made-up words");
            try (TokenizeBenchmark benchmark =
                    new TokenizeBenchmark(tokenizer, found, file.map(this::read), source)) {
                rounds.run(benchmark, pipes, spec.commandLine().getOut());
            }
        }
        return 0;
    }

    private byte[] read(String name) {
        Path path = LookContext.here().resolve(name);
        try {
            byte[] text = Files.readAllBytes(path);
            if (text.length == 0) {
                throw new InvalidInput("--file: " + path + " is empty, expected text");
            }
            return text;
        } catch (IOException e) {
            throw new InvalidInput("--file: " + path + " can't be read: expected a text file", e);
        }
    }
}
