package dev.kiln.spi;

import java.util.Set;

/**
 * All extensions that are here, by extension point and name. Injectable into every factory, but only
 * for use in {@code create} and later: while factories are being constructed, they are not all
 * there. Thread-safe.
 */
@Stable
public interface Extensions {

    /**
     * The extension of this name.
     *
     * @param point the extension point, for example {@code TokenizerFactory.class}
     * @throws InvalidInput when there is none; lists those there are
     * @throws IllegalStateException when asked by a factory's constructor
     */
    <F extends Factory<?, ?>> F find(Class<F> point, String name);

    /** The names at this extension point, sorted. */
    <F extends Factory<?, ?>> Set<String> names(Class<F> point);
}
