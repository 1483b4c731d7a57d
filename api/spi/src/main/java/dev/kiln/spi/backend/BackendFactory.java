package dev.kiln.spi.backend;

import dev.kiln.spi.Factory;
import dev.kiln.spi.Stable;

/** Extension point: a backend. */
@Stable
public interface BackendFactory<O extends Record> extends Factory<O, Backend> {

    /** Whether and how well this backend runs here. Cheap: loads no native library. */
    Availability availability();
}
