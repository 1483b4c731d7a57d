package dev.kiln.spi.evaluation;

import dev.kiln.spi.Experimental;
import java.util.Map;

/** Something that a language model is measured by. Thread-safe. */
@Experimental
public interface EvalTask {

    /**
     * Measures a model.
     *
     * @return results by metric name, in the order to print them
     */
    Map<String, Double> evaluate(Scorer scorer);
}
