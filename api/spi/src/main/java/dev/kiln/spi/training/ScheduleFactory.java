package dev.kiln.spi.training;

import dev.kiln.spi.Factory;
import dev.kiln.spi.Stable;

/** Extension point: a learning-rate schedule. */
@Stable
public interface ScheduleFactory<O extends Record> extends Factory<O, Schedule> {}
