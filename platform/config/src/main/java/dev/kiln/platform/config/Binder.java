package dev.kiln.platform.config;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Shorthand;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Binds layers of YAML to records of options, defaults filled in and marks checked. */
final class Binder {
    private final Choices choices;

    Binder(Catalog catalog) {
        this.choices = new Choices(catalog, this);
    }

    /** Keys beside a record's components: an error, those that every run has, or any. */
    enum Others {
        REFUSED(List.of()),
        HEADER(List.of("run", "seed", "out", RunFiles.EXTENDS)),
        ANY(List.of());

        private final List<String> keys;

        Others(List<String> keys) {
            this.keys = keys;
        }
    }

    /**
     * One record.
     *
     * @param owner what has these options, in the user's words
     */
    <R extends Record> R record(Class<R> type, String owner, Layered value, Others others) {
        List<Option> options = Option.of(type);
        for (Node node : value.nodes()) {
            checkKeys(node, options, owner, others);
        }
        Object[] arguments =
                options.stream()
                        .map(option -> option(option, owner, value.child(option.name())))
                        .toArray();
        return construct(type, arguments, value.place());
    }

    /** Binds each default by itself, but for those that choose extensions. */
    void checkDefaults(Class<? extends Record> type) {
        for (Option option : Option.of(type)) {
            if (option.fallback().isPresent() && !option.type().choosesExtensions()) {
                value(
                        option,
                        option.type(),
                        Words.quote(option.name()),
                        Layered.of(option.fallback().get()));
            }
        }
    }

    private void checkKeys(Node node, List<Option> options, String owner, Others others) {
        List<String> known = new ArrayList<>(Option.names(options));
        known.addAll(others.keys);
        switch (node) {
            case Node.Mapping map ->
                    map.entries().forEach((k, e) -> checkKey(k, e.key(), known, owner, others));
            case Node.Step step -> checkKey(step.key(), step.place(), known, owner, others);
            case Node.Scalar _, Node.Sequence _ -> {
                if (!node.isNothing()) {
                    String expected = "expected a map of options for " + owner;
                    throw node.place().error(expected + ", found " + node.found());
                }
            }
        }
    }

    private static void checkKey(
            String key, Place place, List<String> known, String owner, Others others) {
        if (others != Others.ANY && !known.contains(key)) {
            String unknown = "unknown option " + Words.quote(key) + " of " + owner;
            throw place.error(unknown + Words.hint(key, known));
        }
    }

    private Object option(Option option, String owner, Layered given) {
        String label = Words.quote(option.name()) + (owner.isEmpty() ? "" : " of " + owner);
        Layered value = given;
        if (given.leftOut() && option.fallback().isPresent()) {
            value = given.over(option.fallback().get());
        } else if (given.nodes().isEmpty()) {
            if (option.required()) {
                String doc = option.doc().isEmpty() ? "" : ": " + option.doc();
                throw given.home().error("option " + label + " is missing" + doc);
            }
            return Optional.empty();
        }
        return value(option, option.type(), label, value);
    }

    private Object value(Option option, OptionType type, String label, Layered value) {
        return switch (type) {
            case OptionType.Single single -> Scalars.read(option, single, label, value.last());
            case OptionType.OptionalOf(OptionType inner) -> {
                Layered rest = value.afterNothing();
                yield rest.nodes().isEmpty()
                        ? Optional.empty()
                        : Optional.of(value(option, inner, label, rest));
            }
            case OptionType.ListOf(OptionType inner) -> list(option, inner, label, value.last());
            case OptionType.MapOf(OptionType inner) -> map(option, inner, label, value);
            case OptionType.Nested(Class<? extends Record> options) ->
                    record(
                            options,
                            Words.quote(option.name()),
                            spelledOut(options, value),
                            Others.REFUSED);
            case OptionType.ChoiceOf(Point point) -> choices.choose(point, label, value);
        };
    }

    /** A word where a record is expected is the option that it is short for. */
    private static Layered spelledOut(Class<? extends Record> options, Layered value) {
        Shorthand shorthand = options.getAnnotation(Shorthand.class);
        if (shorthand == null) {
            return value;
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : value.nodes()) {
            boolean word = node instanceof Node.Scalar && !node.isNothing();
            nodes.add(word ? new Node.Step(shorthand.value(), node, node.place()) : node);
        }
        return new Layered(nodes, value.home());
    }

    private List<Object> list(Option option, OptionType inner, String label, Node node) {
        List<Node> items =
                switch (node) {
                    case Node.Sequence sequence -> sequence.items();
                    case Node.Mapping _ -> List.of(node);
                    case Node.Scalar _ when node.isNothing() ->
                            throw Scalars.mismatch(node, "a list", label);
                    case Node.Scalar _ -> List.of(node);
                    case Node.Step _ ->
                            throw node.place().error(label + " is a list: give all of it");
                };
        return items.stream().map(n -> value(option, inner, label, Layered.of(n))).toList();
    }

    private Map<String, Object> map(Option option, OptionType inner, String label, Layered value) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Node node : value.nodes()) {
            List<String> keys =
                    switch (node) {
                        case Node.Mapping mapping -> List.copyOf(mapping.entries().keySet());
                        case Node.Step step -> List.of(step.key());
                        case Node.Scalar _, Node.Sequence _ ->
                                throw Scalars.mismatch(node, "a map", label);
                    };
            for (String key : keys) {
                String place = Words.quote(key) + " in " + label;
                map.computeIfAbsent(key, k -> value(option, inner, place, value.child(k)));
            }
        }
        return Collections.unmodifiableMap(map);
    }

    private static <R extends Record> R construct(Class<R> type, Object[] arguments, Place place) {
        try {
            Class<?>[] types =
                    Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new);
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InvalidInput
                    || e.getCause() instanceof IllegalArgumentException) {
                throw place.error(String.valueOf(e.getCause().getMessage()));
            }
            throw new IllegalStateException("cannot create " + type.getName(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot create " + type.getName(), e);
        }
    }
}
