package dev.kiln.platform.inference.generation;

import dev.kiln.platform.inference.GenerationRequest;
import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.OneOf;
import dev.kiln.spi.Range;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.generation.Sampler;
import java.util.List;

/** The options of {@code run: generate}. */
public record GenerateOptions(
        @Doc("the run folder whose model writes") String model,
        @Doc("which checkpoint to take") @Default("best") @OneOf({"best", "last"})
                String checkpoint,
        @Doc("what computes") @Default("auto") Choice<Backend> backend,
        @Doc("what activations are kept in; auto is bfloat16 where the backend has it")
                @Default("float32")
                PrecisionChoice precision,
        @Doc("texts to go on from; all are continued at once") List<String> prompts,
        @Doc(
                        "whether prompts spell special tokens, such as <|endoftext|>, that are then taken as such")
                @Default("false")
                boolean specialTokens,
        @Doc("how many continuations of each prompt") @Default("1") @Range(min = 1) int samples,
        @Doc("most tokens to write for each") @Default("128") @Range(min = 1) int maxTokens,
        @Doc("how the next token is chosen") @Default("sample") Choice<Sampler> sampler,
        @Doc("texts that end a continuation; not printed") @Default("[]") List<String> stop,
        @Doc("print the log-probability of every token written") @Default("false")
                boolean logProbabilities) {

    public GenerateOptions {
        if (prompts.isEmpty()) {
            throw new InvalidInput("prompts: expected at least one, found []");
        }
        GenerationRequest.checkStop("stop", stop);
    }
}
