package dev.kiln.platform.inference.generation;

import dev.kiln.platform.models.TrainedModel;
import dev.kiln.spi.Context;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunFactory;
import jakarta.inject.Inject;

/** {@code generate}: a trained model goes on from prompts; its text goes to standard output. */
public final class GenerateFactory implements RunFactory<GenerateOptions> {
    private final TrainedModel trained;

    @Inject
    public GenerateFactory(TrainedModel trained) {
        this.trained = trained;
    }

    @Override
    public String name() {
        return "generate";
    }

    @Override
    public Class<GenerateOptions> options() {
        return GenerateOptions.class;
    }

    @Override
    public Run create(GenerateOptions options, Context context) {
        return new Generate(options, context, trained, System.out);
    }
}
