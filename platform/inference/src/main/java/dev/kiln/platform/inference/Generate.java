package dev.kiln.platform.inference;

import dev.kiln.spi.Context;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.run.Run;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes on from prompts. A single continuation is printed as it is written. */
final class Generate implements Run {
    private static final Logger LOG = LoggerFactory.getLogger(Generate.class);

    private final GenerateOptions options;
    private final Context context;
    private final TrainedModel trained;
    private final PrintStream out;

    Generate(GenerateOptions options, Context context, TrainedModel trained, PrintStream out) {
        this.options = options;
        this.context = context;
        this.trained = trained;
        this.out = out;
    }

    @Override
    public void execute() throws IOException {
        try (Backend backend = Backends.create(options.backend(), options.precision(), context);
                OpenModel model =
                        trained.open(
                                context.resolve(options.model()),
                                options.checkpoint().equals("best"),
                                context,
                                backend,
                                options.precision().on(backend),
                                LOG::warn)) {
            GenerationMemory.of(options, model.language()).require(model.availableBytes());
            write(model.language());
        }
    }

    private void write(LanguageModel language) {
        List<String> prompts =
                options.prompts().stream()
                        .flatMap(prompt -> Collections.nCopies(options.samples(), prompt).stream())
                        .toList();
        GenerationRequest request =
                new GenerationRequest(
                        options.maxTokens(),
                        options.sampler().create(context),
                        options.stop(),
                        context.seed(),
                        options.logProbabilities());
        boolean stream = prompts.size() == 1;
        if (stream) {
            out.print(prompts.getFirst());
        }
        List<Generation> written =
                new Generator(language)
                        .generate(
                                prompts.stream()
                                        .map(p -> language.prompt(p, options.specialTokens()))
                                        .toList(),
                                request,
                                stream ? (sequence, text) -> print(text) : TextListener.NONE);
        for (int i = 0; i < written.size(); i++) {
            out.println(stream ? "" : prompts.get(i) + written.get(i).text());
            if (options.logProbabilities()) {
                printLogProbabilities(language, written.get(i));
            }
        }
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
