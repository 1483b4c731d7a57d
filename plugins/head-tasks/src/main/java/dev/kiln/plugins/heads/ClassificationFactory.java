package dev.kiln.plugins.heads;

import dev.kiln.spi.Context;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.TaskHeadFactory;
import org.pf4j.Extension;

/** {@code classification}: which label a text has. */
@Extension
public final class ClassificationFactory implements TaskHeadFactory<ClassesOptions> {

    @Override
    public String name() {
        return "classification";
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
