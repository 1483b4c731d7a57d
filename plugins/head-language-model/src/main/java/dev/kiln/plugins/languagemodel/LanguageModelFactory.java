package dev.kiln.plugins.languagemodel;

import dev.kiln.spi.Context;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.TaskHeadFactory;
import org.pf4j.Extension;

/** {@code language-model}: predicts the next token through the model's output table. */
@Extension
public final class LanguageModelFactory implements TaskHeadFactory<NoOptions> {

    @Override
    public String name() {
        return "language-model";
    }

    @Override
    public Class<NoOptions> options() {
        return NoOptions.class;
    }

    @Override
    public TaskHead create(NoOptions options, Context context) {
        return (weights, model) -> new LanguageModelHead(model);
    }
}
