package dev.kiln.platform.config;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.OneOf;
import dev.kiln.spi.Range;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One component of a record of options, with its marks.
 *
 * @param doc empty when it has none
 * @param fallback what it is when left out; empty when it must be given or is optional
 * @param allowed the words it may take; empty for any
 */
record Option(
        String name,
        OptionType type,
        String doc,
        Optional<Node> fallback,
        double min,
        double max,
        List<String> allowed) {

    /**
     * The options of a record, in its order.
     *
     * @throws IllegalArgumentException when a component has a type that no option can have
     */
    static List<Option> of(Class<? extends Record> options) {
        return Arrays.stream(options.getRecordComponents()).map(Option::of).toList();
    }

    static List<String> names(List<Option> options) {
        return options.stream().map(Option::name).toList();
    }

    private static Option of(RecordComponent component) {
        String name = component.getName();
        Optional<Range> range = Optional.ofNullable(component.getAnnotation(Range.class));
        return new Option(
                name,
                type(component),
                Optional.ofNullable(component.getAnnotation(Doc.class)).map(Doc::value).orElse(""),
                Optional.ofNullable(component.getAnnotation(Default.class))
                        .map(d -> YamlReader.value(d.value(), Place.ofDefault(name))),
                range.map(Range::min).orElse(Double.NEGATIVE_INFINITY),
                range.map(Range::max).orElse(Double.POSITIVE_INFINITY),
                Optional.ofNullable(component.getAnnotation(OneOf.class))
                        .map(words -> List.of(words.value()))
                        .orElse(List.of()));
    }

    private static OptionType type(RecordComponent component) {
        try {
            return OptionType.of(component.getGenericType());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "option " + Words.quote(component.getName()) + ": " + e.getMessage());
        }
    }

    /** Whether the user has to give it. */
    boolean required() {
        return fallback.isEmpty() && !(type instanceof OptionType.OptionalOf);
    }

    /** The allowed numbers in words, or empty when all are. */
    String bounds() {
        boolean below = min > Double.NEGATIVE_INFINITY;
        boolean above = max < Double.POSITIVE_INFINITY;
        return below && above
                ? "from " + plain(min) + " to " + plain(max)
                : below ? "of at least " + plain(min) : above ? "of at most " + plain(max) : "";
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) && Math.abs(bound) < 1e15
                ? Long.toString((long) bound)
                : Double.toString(bound);
    }
}
