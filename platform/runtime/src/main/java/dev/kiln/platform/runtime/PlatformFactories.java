package dev.kiln.platform.runtime;

import com.google.inject.AbstractModule;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import dev.kiln.spi.Factory;
import java.util.List;
import java.util.Set;

/** Binds factories that the platform itself supplies. */
public final class PlatformFactories extends AbstractModule {
    static final Key<Set<Factory<?, ?>>> SET = new Key<>() {};
    private static final TypeLiteral<Factory<?, ?>> FACTORY = new TypeLiteral<>() {};

    private final List<Class<? extends Factory<?, ?>>> classes;
    private final List<Factory<?, ?>> instances;

    private PlatformFactories(
            List<Class<? extends Factory<?, ?>>> classes, List<Factory<?, ?>> instances) {
        this.classes = classes;
        this.instances = instances;
    }

    /** None. */
    PlatformFactories() {
        this(List.of(), List.of());
    }

    /** Factories to be created through the injector. */
    public static PlatformFactories of(List<Class<? extends Factory<?, ?>>> classes) {
        return new PlatformFactories(List.copyOf(classes), List.of());
    }

    /** Factories that are there already, for tests and for who embeds Kiln. */
    public static PlatformFactories of(Factory<?, ?>... instances) {
        return new PlatformFactories(List.of(), List.of(instances));
    }

    @Override
    protected void configure() {
        Multibinder<Factory<?, ?>> factories = Multibinder.newSetBinder(binder(), FACTORY);
        classes.forEach(type -> factories.addBinding().to(type));
        instances.forEach(factory -> factories.addBinding().toInstance(factory));
    }
}
