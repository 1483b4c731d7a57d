package dev.kiln.spi.run;

import dev.kiln.spi.Factory;
import dev.kiln.spi.Stable;

/** Extension point: a run listener. */
@Stable
public interface RunListenerFactory<O extends Record> extends Factory<O, RunListener> {}
