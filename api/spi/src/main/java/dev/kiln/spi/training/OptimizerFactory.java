package dev.kiln.spi.training;

import dev.kiln.spi.Factory;
import dev.kiln.spi.Stable;

/** Extension point: an optimizer. */
@Stable
public interface OptimizerFactory<O extends Record> extends Factory<O, Optimizer> {}
