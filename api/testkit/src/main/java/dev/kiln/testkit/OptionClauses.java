package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Default;
import dev.kiln.spi.OneOf;
import dev.kiln.spi.Range;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a record of options must be to be read from YAML. Kiln refuses a plugin that has others. */
final class OptionClauses {
    private static final Set<Class<?>> WHOLE =
            Set.of(int.class, Integer.class, long.class, Long.class);
    private static final Set<Class<?>> REAL = Set.of(double.class, Double.class);
    private static final Set<Class<?>> FLAG = Set.of(boolean.class, Boolean.class);
    private static final Set<Class<?>> GENERIC = Set.of(Optional.class, List.class, Map.class);

    private OptionClauses() {}

    static void checkType(RecordComponent option) {
        assertTrue(
                isKnown(option.getGenericType()),
                "broken clause: an option is an int, long, double, boolean, String, Path, enum, record,"
                        + " Choice, or Optional, List or Map of these; "
                        + option);
    }

    private static boolean isKnown(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == Choice.class
                    || GENERIC.contains(generic.getRawType())
                            && isKnown(arguments[arguments.length - 1]);
        }
        Class<?> plain = (Class<?>) type;
        return WHOLE.contains(plain)
                || REAL.contains(plain)
                || FLAG.contains(plain)
                || plain == String.class
                || plain == Path.class
                || plain.isEnum()
                || plain.isRecord();
    }

    /** Of numbers, flags, enums and texts of a few words; others take any YAML. */
    static void checkDefault(RecordComponent option) {
        Default fallback = option.getAnnotation(Default.class);
        if (fallback == null) {
            return;
        }
        String text = fallback.value();
        Class<?> type = option.getType();
        if (WHOLE.contains(type) || REAL.contains(type)) {
            checkNumber(option, text);
        } else if (FLAG.contains(type)) {
            checkWord(option, text, List.of("true", "false"));
        } else if (type.isEnum()) {
            checkWord(option, text, words(type));
        } else if (option.isAnnotationPresent(OneOf.class)) {
            checkWord(option, text, List.of(option.getAnnotation(OneOf.class).value()));
        }
    }

    private static List<String> words(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(word -> ((Enum<?>) word).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }

    private static void checkNumber(RecordComponent option, String text) {
        String digits = text.replace("_", "");
        Range range = option.getAnnotation(Range.class);
        try {
            double number =
                    WHOLE.contains(option.getType())
                            ? Long.parseLong(digits)
                            : Double.parseDouble(digits);
            if (range != null && !(range.min() <= number && number <= range.max())) {
                doesNotFit(option, text);
            }
        } catch (NumberFormatException e) {
            doesNotFit(option, text);
        }
    }

    private static void checkWord(RecordComponent option, String text, List<String> words) {
        // It may stand in quotes, as YAML wants it for some.
        if (!words.contains(text) && !words.contains(text.replaceAll("^[\"']|[\"']$", ""))) {
            doesNotFit(option, text);
        }
    }

    private static void doesNotFit(RecordComponent option, String text) {
        fail("broken clause: a default fits its option; " + option.getName() + ": \"" + text + '"');
    }
}
