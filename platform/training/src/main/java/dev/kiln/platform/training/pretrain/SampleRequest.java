package dev.kiln.platform.training.pretrain;

import dev.kiln.platform.inference.GenerationRequest;
import dev.kiln.platform.inference.generation.Generator;
import dev.kiln.platform.training.trainee.Trainee;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * What the model is to write at the end of a run, found to be possible before the run begins.
 *
 * @param prompts none where nothing is to be written
 * @param ids of the prompts' tokens
 */
record SampleRequest(List<String> prompts, List<int[]> ids, GenerationRequest request) {

    /**
     * @param given the prompts of the options, or the data source's own
     * @param positions number of positions that the model has
     * @throws InvalidInput when the tokenizer or the context can't take a prompt, or the sampler's
     *     options don't fit together
     */
    static SampleRequest of(
            PretrainOptions.Samples options,
            List<String> given,
            Trainee.Text text,
            int positions,
            Context context) {
        List<String> prompts = options.maxTokens() == 0 ? List.of() : List.copyOf(given);
        Tokenizer reader =
                options.specialTokens() ? text.tokenizer().withSpecialTokens() : text.tokenizer();
        List<int[]> ids = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            ids.add(ids(i, prompts.get(i), new Trainee.Text(reader, text.ids()), positions));
        }
        GenerationRequest request =
                new GenerationRequest(
                        Math.max(1, options.maxTokens()),
                        options.sampler().create(context),
                        options.stop(),
                        context.seed());
        return new SampleRequest(prompts, List.copyOf(ids), request);
    }

    private static int[] ids(int index, String prompt, Trainee.Text text, int positions) {
        int[] tokens;
        try {
            tokens = text.tokenizer().asPrompt(text.tokenizer().encode(prompt));
        } catch (InvalidInput e) {
            throw new InvalidInput(
                    "samples.prompts: prompt " + (index + 1) + ": " + e.getMessage(), e);
        }
        try {
            return Generator.checked(index, tokens, text.ids(), positions);
        } catch (InvalidInput e) {
            throw new InvalidInput("samples.prompts: " + e.getMessage(), e);
        }
    }
}
