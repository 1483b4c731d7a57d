package dev.kiln.spi.model;

import dev.kiln.spi.Factory;
import dev.kiln.spi.Stable;

/** Extension point: a model family. */
@Stable
public interface ModelFamilyFactory<O extends Record> extends Factory<O, ModelFamily> {}
