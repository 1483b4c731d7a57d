package dev.kiln.platform.inference.generation;

import dev.kiln.platform.inference.Generation;
import dev.kiln.platform.inference.GenerationRequest;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.spi.Context;
import java.io.PrintStream;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Prints how a model goes on from prompts. A single continuation is printed as it is written. */
final class PromptContinuation {
    private final GenerateOptions options;
    private final Context context;
    private final PrintStream out;

    PromptContinuation(GenerateOptions options, Context context, PrintStream out) {
        this.options = options;
        this.context = context;
        this.out = out;
    }

    /**
     * @param available bytes of memory
     * @throws dev.kiln.spi.InvalidInput when a prompt does not fit the model, or all of it the memory
     */
    void print(LanguageModel language, long available) {
        List<int[]> ids =
                options.prompts().stream()
                        .map(prompt -> language.prompt(prompt, options.specialTokens()))
                        .toList();
        GenerationMemory.of(options, language, ids).require(available);
        List<String> prompts = samples(options.prompts());
        boolean stream = prompts.size() == 1;
        if (stream) {
            out.print(prompts.getFirst());
        }
        List<Generation> written =
                new Generator(language)
                        .generate(
                                samples(ids),
                                request(),
                                stream ? (sequence, text) -> print(text) : TextListener.NONE);
        for (int i = 0; i < written.size(); i++) {
            out.println(stream ? "" : prompts.get(i) + written.get(i).text());
            if (options.logProbabilities()) {
                printLogProbabilities(language, written.get(i));
            }
        }
    }

    private <T> List<T> samples(List<T> prompts) {
        return prompts.stream()
                .flatMap(prompt -> Collections.nCopies(options.samples(), prompt).stream())
                .toList();
    }

    private GenerationRequest request() {
        return new GenerationRequest(
                options.maxTokens(),
                options.sampler().create(context),
                options.stop(),
                context.seed(),
                options.logProbabilities());
    }

    private void print(String text) {
        out.print(text);
        out.flush();
    }

    private void printLogProbabilities(LanguageModel language, Generation generation) {
        for (int i = 0; i < generation.ids().size(); i++) {
            int id = generation.ids().get(i);
            out.printf(
                    Locale.ROOT,
                    "%8d  %9.4f  %s%n",
                    id,
                    generation.logProbabilities().get(i),
                    language.tokenizer().decode(id).replace("\n", "\\n"));
        }
    }
}
