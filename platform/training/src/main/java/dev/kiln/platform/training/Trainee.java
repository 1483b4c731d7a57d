package dev.kiln.platform.training;

import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.inference.LanguageModel;
import dev.kiln.spi.Context;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.training.Optimizer;

/** What a run trains: the model with its head, its weights and their optimizer. */
record Trainee(LanguageModel language, Parameters parameters, Optimizer.Attached optimizer) {

    /**
     * @param scope how long weights and optimizer state live
     */
    static Trainee create(
            PretrainOptions options,
            Context context,
            Tokenizer tokenizer,
            Backend backend,
            Scope scope) {
        Parameters parameters = new Parameters(backend, scope, context.seed(), true);
        Model model = options.model().create(context).build(parameters, tokenizer.vocabularySize());
        TaskHead.Attached head =
                options.head().create(context).attach(parameters.in("head"), model);
        Optimizer.Attached optimizer =
                options.optimizer().create(context).attach(backend, scope, parameters.all());
        return new Trainee(
                new LanguageModel(
                        backend,
                        options.precision().on(backend),
                        model,
                        head,
                        tokenizer,
                        new Layouts()),
                parameters,
                optimizer);
    }

    Backend backend() {
        return language.backend();
    }

    Model model() {
        return language.model();
    }
}
