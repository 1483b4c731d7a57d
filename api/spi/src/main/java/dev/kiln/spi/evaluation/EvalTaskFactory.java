package dev.kiln.spi.evaluation;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.Factory;

/** Extension point: an evaluation task. */
@Experimental
public interface EvalTaskFactory<O extends Record> extends Factory<O, EvalTask> {}
