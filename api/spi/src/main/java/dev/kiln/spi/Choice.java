package dev.kiln.spi;

/**
 * A component that the user chose in YAML, not yet created. A record of options has a {@code
 * Choice<Tokenizer>} where any tokenizer may stand; in YAML that is {@code name} or {@code {name:
 * {option: value}}}. Immutable and thread-safe.
 *
 * @param <T> what is created; the extension point is the {@link Factory} that creates it
 */
@Stable
public interface Choice<T> {

    /** The factory's name. */
    String name();

    /** The factory's options, valid and complete. */
    Record options();

    /** Creates the component: a new one at every call. */
    T create(Context context);
}
