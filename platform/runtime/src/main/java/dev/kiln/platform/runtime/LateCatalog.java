package dev.kiln.platform.runtime;

import dev.kiln.platform.config.Catalog;
import dev.kiln.spi.Extensions;
import dev.kiln.spi.Factory;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The catalog, for factories that are constructed before all of them are there. */
final class LateCatalog implements Extensions, Supplier<Catalog> {
    private final AtomicReference<Optional<Catalog>> catalog =
            new AtomicReference<>(Optional.empty());

    void complete(Catalog complete) {
        catalog.set(Optional.of(complete));
    }

    @Override
    public Catalog get() {
        return catalog.get()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "extensions cannot be asked for in a factory's constructor"));
    }

    @Override
    public <F extends Factory<?, ?>> F find(Class<F> point, String name) {
        return get().find(point, name);
    }

    @Override
    public <F extends Factory<?, ?>> Set<String> names(Class<F> point) {
        return get().names(point);
    }
}
