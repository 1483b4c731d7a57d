package dev.kiln.plugins.heads;

import dev.kiln.spi.Context;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.TaskHeadFactory;
import org.pf4j.Extension;

/** {@code multiple-choice}: which of an example's own choices is right. */
@Extension
public final class MultipleChoiceFactory implements TaskHeadFactory<ChoicesOptions> {

    @Override
    public String name() {
        return "multiple-choice";
    }

    @Override
    public Class<ChoicesOptions> options() {
        return ChoicesOptions.class;
    }

    @Override
    public TaskHead create(ChoicesOptions options, Context context) {
        return ChoiceHead.of(options);
    }
}
