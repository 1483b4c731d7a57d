package dev.kiln.spi.model;

import dev.kiln.spi.Factory;
import dev.kiln.spi.Stable;

/** Extension point: a normalization placement. */
@Stable
public interface NormPlacementFactory<O extends Record> extends Factory<O, NormPlacement> {}
