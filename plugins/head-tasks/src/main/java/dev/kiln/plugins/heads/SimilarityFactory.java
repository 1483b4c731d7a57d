package dev.kiln.plugins.heads;

import dev.kiln.spi.Context;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.TaskHeadFactory;
import org.pf4j.Extension;

/** {@code similarity}: which label two texts have, from the sum of the states of both orders. */
@Extension
public final class SimilarityFactory implements TaskHeadFactory<ClassesOptions> {

    @Override
    public String name() {
        return "similarity";
    }

    @Override
    public Class<ClassesOptions> options() {
        return ClassesOptions.class;
    }

    @Override
    public TaskHead create(ClassesOptions options, Context context) {
        return ClassHead.of(options, 2);
    }
}
