package dev.kiln.spi.model;

import dev.kiln.spi.Stable;

/** How a new weight is filled. */
@Stable
public sealed interface Init {
    /** Independent draws from N(0, deviation²), a function of the run's seed and the weight's name. */
    record Normal(double deviation) implements Init {}

    /** One value everywhere. */
    record Constant(double value) implements Init {}

    Init ZEROS = new Constant(0);
    Init ONES = new Constant(1);
}
