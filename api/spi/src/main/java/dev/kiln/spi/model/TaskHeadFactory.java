package dev.kiln.spi.model;

import dev.kiln.spi.Factory;
import dev.kiln.spi.Stable;

/** Extension point: a task head. */
@Stable
public interface TaskHeadFactory<O extends Record> extends Factory<O, TaskHead> {}
