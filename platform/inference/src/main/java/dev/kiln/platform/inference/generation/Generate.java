package dev.kiln.platform.inference.generation;

import dev.kiln.platform.models.Backends;
import dev.kiln.platform.models.OpenModel;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.spi.Context;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.run.Run;
import java.io.IOException;
import java.io.PrintStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a model and lets it go on from prompts. */
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
            new PromptContinuation(options, context, out)
                    .print(model.language(), model.availableBytes());
        }
    }
}
