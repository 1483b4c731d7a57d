package dev.kiln.platform.config;

import dev.kiln.spi.Choice;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Writes records of options as the YAML that they are read from. */
final class YamlWriter {
    private YamlWriter() {}

    static String write(String run, long seed, Path out, Record options) {
        Map<String, @Nullable Object> top = new LinkedHashMap<>();
        top.put("run", run);
        top.put("seed", seed);
        top.put("out", Variables.escape(out.toString()));
        top.putAll(map(options));
        DumperOptions style = new DumperOptions();
        style.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        style.setSplitLines(false);
        style.setAllowUnicode(true);
        return new Yaml(style).dump(top);
    }

    private static Map<String, @Nullable Object> map(Record options) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (RecordComponent component : options.getClass().getRecordComponents()) {
            map.put(component.getName(), plain(value(component, options)));
        }
        return map;
    }

    private static @Nullable Object plain(Object value) {
        return switch (value) {
            case Choice<?> choice -> choice(choice);
            case Record options -> map(options);
            case Optional<?> optional -> optional.isEmpty() ? null : plain(optional.get());
            case List<?> list -> {
                List<@Nullable Object> items = new ArrayList<>();
                list.forEach(item -> items.add(plain(item)));
                yield items;
            }
            case Map<?, ?> entries -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                entries.forEach((k, v) -> map.put((String) k, plain(v)));
                yield map;
            }
            case Enum<?> word -> OptionType.Word.spelling(word);
            case Path path -> Variables.escape(path.toString());
            case String text -> Variables.escape(text);
            case Number number -> number;
            case Boolean flag -> flag;
            default -> throw new IllegalArgumentException("no option: " + value.getClass());
        };
    }

    private static Object choice(Choice<?> choice) {
        Map<String, @Nullable Object> options = map(choice.options());
        return options.isEmpty() ? choice.name() : Map.of(choice.name(), options);
    }

    private static Object value(RecordComponent component, Record options) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(options);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
