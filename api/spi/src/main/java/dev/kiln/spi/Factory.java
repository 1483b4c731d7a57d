package dev.kiln.spi;

import org.pf4j.ExtensionPoint;

/**
 * Creates one kind of component from a record of options. Every extension point of Kiln has this
 * shape: a sub-interface a point, a name a variant.
 *
 * <p>A factory is stateless and thread-safe. It is created through dependency injection, so its
 * constructor may ask for platform services with {@code @jakarta.inject.Inject}.
 *
 * @param <O> the options: a record whose components, with their {@link Doc}, {@link Default},
 *     {@link Range} and {@link OneOf} marks, are the YAML schema, the documentation and the
 *     validation at once
 * @param <T> what is created
 */
@Stable
public interface Factory<O extends Record, T> extends ExtensionPoint {

    /** The word that chooses this variant in YAML, for example {@code banded}: {@code [a-z0-9-]+}. */
    String name();

    /** The record of options; {@link NoOptions} when there is nothing to choose. */
    Class<O> options();

    /**
     * Creates the component.
     *
     * @param options a valid record: defaults are filled in and marks are checked
     * @param context where the run stands; see {@link Context}
     * @throws InvalidInput when the options name something that is missing or does not fit; the
     *     message is shown to the user as it is
     */
    T create(O options, Context context);
}
