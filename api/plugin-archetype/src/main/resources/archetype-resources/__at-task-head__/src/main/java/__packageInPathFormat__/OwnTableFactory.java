package ${package};

import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.TaskHeadFactory;
import org.pf4j.Extension;

/** {@code ${word}}: predicts the next token through a table of its own. */
@Extension
public final class OwnTableFactory implements TaskHeadFactory<OwnTableFactory.Options> {

    /** What can be said in YAML. */
    public record Options(
            @Doc("standard deviation of the new table")
                    @Default("0.02")
                    @Range(min = 0, max = 1)
                    double deviation) {}

    @Override
    public String name() {
        return "${word}";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public TaskHead create(Options options, Context context) {
        return (weights, model) -> {
            ModelShape sizes = model.shape();
            Shape shape = Shape.of(sizes.vocabulary(), sizes.width());
            return new OwnTable(
                    weights.create("table", shape, new Init.Normal(options.deviation())));
        };
    }
}
