package dev.kiln.spi.generation;

import dev.kiln.spi.Factory;
import dev.kiln.spi.Stable;

/** Extension point: a sampler. */
@Stable
public interface SamplerFactory<O extends Record> extends Factory<O, Sampler> {}
