package dev.kiln.plugins.heads;

import dev.kiln.spi.Context;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.TaskHeadFactory;
import org.pf4j.Extension;

/** {@code entailment}: which label a premise and a hypothesis have. */
@Extension
public final class EntailmentFactory implements TaskHeadFactory<ClassesOptions> {

    @Override
    public String name() {
        return "entailment";
    }

    @Override
    public Class<ClassesOptions> options() {
        return ClassesOptions.class;
    }

    @Override
    public TaskHead create(ClassesOptions options, Context context) {
        return ClassHead.of(options, 1);
    }
}
