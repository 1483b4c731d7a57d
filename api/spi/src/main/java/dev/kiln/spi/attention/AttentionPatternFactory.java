package dev.kiln.spi.attention;

import dev.kiln.spi.Factory;
import dev.kiln.spi.Stable;

/** Extension point: an attention pattern. */
@Stable
public interface AttentionPatternFactory<O extends Record> extends Factory<O, AttentionPattern> {}
