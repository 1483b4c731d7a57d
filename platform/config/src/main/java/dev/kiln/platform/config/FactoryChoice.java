package dev.kiln.platform.config;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.Factory;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.attention.AttentionPattern;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * A factory and its options. Creates with the factory's class loader as the thread's context class
 * loader, since libraries such as ND4J look for their parts there.
 *
 * @param label what it is and who brought it, for messages
 */
record FactoryChoice<O extends Record, T>(Factory<O, T> factory, O options, String label)
        implements Choice<T> {

    @Override
    public String name() {
        return factory.name();
    }

    @Override
    @SuppressWarnings("unchecked") // a choice of patterns is of nothing but their interface
    public T create(Context context) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(factory.getClass().getClassLoader());
        try {
            T made = Objects.requireNonNull(factory.create(options, context), "create gave null");
            return made instanceof AttentionPattern pattern
                    ? (T) new LabelledPattern(label, pattern)
                    : made;
        } catch (LinkageError e) { // a class or a native library of the plugin is not there
            throw new InvalidInput(label + " cannot be created: " + e, e);
        } catch (InvalidInput | UncheckedIOException e) {
            throw e;
        } catch (IllegalArgumentException e) { // it does not take these options
            String reason = Objects.requireNonNullElse(e.getMessage(), e.toString());
            throw new InvalidInput(label + " cannot be created: " + reason, e);
        } catch (RuntimeException e) {
            throw new IllegalStateException(label + " cannot be created: " + e, e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public String toString() {
        return name() + " " + options;
    }
}
