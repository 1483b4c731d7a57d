package dev.kiln.platform.config;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Factory;
import java.util.List;

/** Chooses extensions without a config. */
public final class DefaultOptions {
    private DefaultOptions() {}

    /**
     * The choice of a factory with its default options.
     *
     * @throws dev.kiln.spi.InvalidInput when it has an option that must be given; names it
     */
    public static <T> Choice<T> choose(Factory<?, T> factory, Catalog catalog) {
        Point point = Point.of(factory).getFirst();
        Layered nothing = new Layered(List.of(), new Place(point.word() + " " + factory.name()));
        return new Choices(catalog, new Binder(catalog)).bind(factory, point, nothing);
    }
}
