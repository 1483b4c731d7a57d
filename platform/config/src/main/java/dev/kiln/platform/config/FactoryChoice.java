package dev.kiln.platform.config;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.Factory;

/**
 * A factory and its options. Creates with the factory's class loader as the thread's context class
 * loader, since libraries such as ND4J look for their parts there.
 */
record FactoryChoice<O extends Record, T>(Factory<O, T> factory, O options) implements Choice<T> {

    @Override
    public String name() {
        return factory.name();
    }

    @Override
    public T create(Context context) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(factory.getClass().getClassLoader());
        try {
            return factory.create(options, context);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public String toString() {
        return name() + " " + options;
    }
}
