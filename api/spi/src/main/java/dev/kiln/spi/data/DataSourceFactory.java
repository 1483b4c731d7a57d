package dev.kiln.spi.data;

import dev.kiln.spi.Factory;
import dev.kiln.spi.Stable;

/** Extension point: a data source. */
@Stable
public interface DataSourceFactory<O extends Record> extends Factory<O, DataSource> {}
