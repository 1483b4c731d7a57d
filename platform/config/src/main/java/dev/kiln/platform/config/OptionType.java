package dev.kiln.platform.config;

import dev.kiln.spi.Choice;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What may stand for an option: the types that a record of options may have as components. */
sealed interface OptionType {

    /** What stands alone: a word, a number, a text. */
    sealed interface Single extends OptionType {}

    /** An {@code int} if narrow, else a {@code long}. */
    record Whole(boolean narrow) implements Single {}

    record Real() implements Single {}

    record Flag() implements Single {}

    record Text() implements Single {}

    record File() implements Single {}

    record Word(Class<?> type) implements Single {
        /** The constants as they stand in YAML, by constant. */
        List<String> spellings() {
            return Arrays.stream(type.getEnumConstants()).map(Word::spelling).toList();
        }

        static String spelling(Object constant) {
            return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    record OptionalOf(OptionType inner) implements OptionType {}

    record ListOf(OptionType inner) implements OptionType {}

    record MapOf(OptionType inner) implements OptionType {}

    record Nested(Class<? extends Record> options) implements OptionType {}

    record ChoiceOf(Point point) implements OptionType {}

    /**
     * The type in the user's words.
     *
     * @param bounds what its numbers are bound by, in words; may be empty
     */
    default String words(String bounds) {
        return switch (this) {
            case Whole _ -> ("whole number " + bounds).strip();
            case Real _ -> ("number " + bounds).strip();
            case Flag _ -> "true or false";
            case Text _ -> "text";
            case File _ -> "path";
            case Word word -> String.join(" | ", word.spellings());
            case OptionalOf(OptionType inner) -> inner.words(bounds) + ", or nothing";
            case ListOf(OptionType inner) -> "list of: " + inner.words(bounds);
            case MapOf(OptionType inner) -> "map to: " + inner.words(bounds);
            case Nested _ -> "map of options";
            case ChoiceOf(Point point) -> point.word();
        };
    }

    /** Whether a value of it names other extensions. */
    default boolean choosesExtensions() {
        return switch (this) {
            case Single _ -> false;
            case OptionalOf(OptionType inner) -> inner.choosesExtensions();
            case ListOf(OptionType inner) -> inner.choosesExtensions();
            case MapOf(OptionType inner) -> inner.choosesExtensions();
            case Nested(Class<? extends Record> options) ->
                    Option.of(options).stream().anyMatch(o -> o.type().choosesExtensions());
            case ChoiceOf _ -> true;
        };
    }

    /**
     * Reads a component's type.
     *
     * @throws IllegalArgumentException when an option cannot have this type
     */
    static OptionType of(Type type) {
        return type instanceof ParameterizedType generic ? ofGeneric(generic) : ofClass(type);
    }

    private static OptionType ofGeneric(ParameterizedType type) {
        Type[] arguments = type.getActualTypeArguments();
        Type last = arguments[arguments.length - 1];
        if (type.getRawType() == Optional.class) {
            return new OptionalOf(of(last));
        } else if (type.getRawType() == List.class) {
            return new ListOf(of(last));
        } else if (type.getRawType() == Map.class && arguments[0] == String.class) {
            return new MapOf(of(last));
        } else if (type.getRawType() == Choice.class && last instanceof Class<?> component) {
            return new ChoiceOf(Point.ofComponent(component).orElseThrow(() -> unsupported(type)));
        }
        throw unsupported(type);
    }

    private static OptionType ofClass(Type type) {
        if (type == int.class || type == Integer.class) {
            return new Whole(true);
        } else if (type == long.class || type == Long.class) {
            return new Whole(false);
        } else if (type == double.class || type == Double.class) {
            return new Real();
        } else if (type == boolean.class || type == Boolean.class) {
            return new Flag();
        } else if (type == String.class) {
            return new Text();
        } else if (type == Path.class) {
            return new File();
        } else if (type instanceof Class<?> words && words.isEnum()) {
            return new Word(words);
        } else if (type instanceof Class<?> options && options.isRecord()) {
            return new Nested(options.asSubclass(Record.class));
        }
        throw unsupported(type);
    }

    private static IllegalArgumentException unsupported(Type type) {
        return new IllegalArgumentException(
                "an option cannot have the type "
                        + type.getTypeName()
                        + "; expected int, long, double, boolean, String, Path, an enum, a record, or"
                        + " Optional, List, Map<String, …> or Choice");
    }
}
