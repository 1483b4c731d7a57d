package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kiln detokenize}: ids to text. */
@Command(
        description =
                "Prints JSON, {\"text\":\"...\"}. Ids come as numbers, as a JSON list, or as 'kiln"
                        + " tokenize' prints them.",
        mixinStandardHelpOptions = true)
final class DetokenizeCommand implements Callable<Integer> {
    private final Supplier<KilnRuntime> runtimes;
    private final Pipes pipes;

    @Parameters(
            paramLabel = "MODEL",
            description =
                    "A run folder, a Hugging Face folder, or the name of a tokenizer that needs no"
                            + " training, for example gpt2.")
    private String model = "";

    @Option(
            names = "--raw",
            description = "Write the text's own bytes, not JSON, also where they are not UTF-8.")
    private boolean raw;

    @Option(names = "--lines", description = "Take the ids of every line as a text of its own.")
    private boolean lines;

    @Option(
            names = "--special-tokens",
            description =
                    "Show special tokens, such as <|endoftext|>, which stand for nothing otherwise.")
    private boolean specialTokens;

    DetokenizeCommand(Supplier<KilnRuntime> runtimes, Pipes pipes) {
        this.runtimes = runtimes;
        this.pipes = pipes;
    }

    @Override
    public Integer call() throws IOException {
        try (KilnRuntime kiln = runtimes.get()) {
            Tokenizer found = new ModelTokenizer(kiln).find(model);
            Tokenizer tokenizer = specialTokens ? found.withSpecialTokens() : found;
            new Texts(pipes, lines)
                    .each((text, source, out) -> decode(tokenizer, text, source, out));
        }
        return 0;
    }

    private void decode(Tokenizer tokenizer, byte[] text, String source, JsonText out) {
        int[] ids = TokenIds.parse(text, source);
        byte[] decoded;
        try {
            decoded = tokenizer.decodeBytes(ids);
        } catch (InvalidInput e) {
            throw new InvalidInput(source + ": " + e.getMessage(), e);
        }
        if (raw) {
            out.raw(decoded).raw(lines ? "\n" : "");
        } else {
            out.raw("{\"text\":").string(new String(decoded, StandardCharsets.UTF_8)).raw("}\n");
        }
    }
}
