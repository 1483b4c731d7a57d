package dev.kiln.platform.run;

import dev.kiln.spi.Choice;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A run's options as texts by key, so that two runs can be compared option by option. */
final class Recipe {
    private final Map<String, String> values = new TreeMap<>();

    private Recipe() {}

    /**
     * Spells out all options. A key is the option's path, as in {@code schedule.cosine.minRatio}; a
     * choice itself has the name that was chosen; what is left out has no key.
     */
    static Map<String, String> values(Record options) {
        Recipe recipe = new Recipe();
        recipe.options("", options);
        return recipe.values;
    }

    private void options(String prefix, Record options) {
        for (RecordComponent component : options.getClass().getRecordComponents()) {
            value(prefix + component.getName(), read(component, options));
        }
    }

    private void value(String key, Object value) {
        switch (value) {
            case Choice<?> choice -> {
                values.put(key, choice.name());
                options(key + "." + choice.name() + ".", choice.options());
            }
            case Record options -> options(key + ".", options);
            case Optional<?> optional -> optional.ifPresent(inner -> value(key, inner));
            case List<?> list -> list(key, list);
            case Map<?, ?> map -> map.forEach((name, inner) -> value(key + "." + name, inner));
            case Enum<?> word ->
                    values.put(key, word.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            default -> values.put(key, value.toString());
        }
    }

    /** One value where all items are plain, else a value for each. */
    private void list(String key, List<?> list) {
        if (list.stream().noneMatch(Recipe::hasParts)) {
            values.put(key, list.toString());
            return;
        }
        for (int i = 0; i < list.size(); i++) {
            value(key + "." + i, list.get(i));
        }
    }

    private static boolean hasParts(Object item) {
        return item instanceof Record
                || item instanceof Choice<?>
                || item instanceof Optional<?>
                || item instanceof Map<?, ?>
                || item instanceof Collection<?>;
    }

    private static Object read(RecordComponent component, Record options) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(options);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
