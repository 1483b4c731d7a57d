package dev.kiln.spi.run;

import dev.kiln.spi.Factory;
import dev.kiln.spi.Stable;

/**
 * Extension point: a kind of run. The options are the top level of the YAML file, beside {@code
 * run}, {@code seed} and {@code out}, which every run has.
 */
@Stable
public interface RunFactory<O extends Record> extends Factory<O, Run> {}
