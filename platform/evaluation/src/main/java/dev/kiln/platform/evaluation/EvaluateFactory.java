package dev.kiln.platform.evaluation;

import dev.kiln.platform.inference.TrainedModel;
import dev.kiln.spi.Context;
import dev.kiln.spi.run.RunFactory;
import jakarta.inject.Inject;

/** {@code evaluate}: a trained model answers tasks, with and without solved examples before it. */
public final class EvaluateFactory implements RunFactory<EvaluateOptions> {
    private final TrainedModel trained;

    @Inject
    public EvaluateFactory(TrainedModel trained) {
        this.trained = trained;
    }

    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public Class<EvaluateOptions> options() {
        return EvaluateOptions.class;
    }

    @Override
    public Evaluate create(EvaluateOptions options, Context context) {
        return new Evaluate(options, context, trained, System.out);
    }
}
