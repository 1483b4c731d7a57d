package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kiln tokenize}: text to ids. */
@Command(
        description =
                "Prints JSON, {\"ids\":[...]}. The text is taken byte for byte, a line end at its end"
                        + " included.",
        mixinStandardHelpOptions = true)
final class TokenizeCommand implements Callable<Integer> {
    private final Supplier<KilnRuntime> runtimes;
    private final Pipes pipes;

    @Parameters(
            paramLabel = "MODEL",
            description =
                    "A run folder, a Hugging Face folder, or the name of a tokenizer that needs no"
                            + " training, for example gpt2.")
    private String model = "";

    @Option(
            names = "--tokens",
            description = "Add the text of every token; a part of a character is shown as U+FFFD.")
    private boolean tokens;

    @Option(
            names = "--lines",
            description = "Take every line as a text of its own, without its end.")
    private boolean lines;

    @Option(
            names = "--special-tokens",
            description =
                    "Take special tokens that the text spells, such as <|endoftext|>, as such.")
    private boolean specialTokens;

    TokenizeCommand(Supplier<KilnRuntime> runtimes, Pipes pipes) {
        this.runtimes = runtimes;
        this.pipes = pipes;
    }

    @Override
    public Integer call() throws IOException {
        try (KilnRuntime kiln = runtimes.get()) {
            Tokenizer found = new ModelTokenizer(kiln).find(model);
            Tokenizer tokenizer = specialTokens ? found.withSpecialTokens() : found;
            new Texts(pipes, lines)
                    .each((text, source, out) -> encode(tokenizer, text, source, out));
        }
        return 0;
    }

    private void encode(Tokenizer tokenizer, byte[] text, String source, JsonText out) {
        int[] ids;
        try {
            ids = tokenizer.asPrompt(tokenizer.encodeBytes(text));
        } catch (InvalidInput e) {
            throw new InvalidInput(source + ": " + e.getMessage(), e);
        }
        out.raw("{\"ids\":").numbers(ids);
        if (tokens) {
            String separator = ",\"tokens\":[";
            for (int id : ids) {
                out.raw(separator).string(tokenizer.decode(id));
                separator = ",";
            }
            out.raw(ids.length == 0 ? separator + "]" : "]");
        }
        out.raw("}\n");
    }
}
