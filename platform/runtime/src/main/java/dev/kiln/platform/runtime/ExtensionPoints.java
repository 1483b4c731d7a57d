package dev.kiln.platform.runtime;

import com.google.inject.AbstractModule;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.MapBinder;
import com.google.inject.util.Types;
import dev.kiln.platform.config.Catalog;
import dev.kiln.platform.config.Point;
import dev.kiln.spi.Factory;

/** Binds the catalog, and for each extension point a map of its factories by name. */
final class ExtensionPoints extends AbstractModule {
    private final Catalog catalog;

    ExtensionPoints(Catalog catalog) {
        this.catalog = catalog;
    }

    @Override
    protected void configure() {
        bind(Catalog.class).toInstance(catalog);
        for (Point point : Point.values()) {
            bind(point);
        }
    }

    @SuppressWarnings("unchecked") // the catalog has only a point's own factories at the point
    private void bind(Point point) {
        TypeLiteral<Factory<?, ?>> type =
                (TypeLiteral<Factory<?, ?>>)
                        TypeLiteral.get(
                                Types.newParameterizedType(
                                        point.factory(), Types.subtypeOf(Object.class)));
        MapBinder<String, Factory<?, ?>> factories =
                MapBinder.newMapBinder(binder(), TypeLiteral.get(String.class), type);
        catalog.at(point).forEach((name, e) -> factories.addBinding(name).toInstance(e.factory()));
    }
}
