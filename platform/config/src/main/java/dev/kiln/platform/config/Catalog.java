package dev.kiln.platform.config;

import dev.kiln.spi.Extensions;
import dev.kiln.spi.Factory;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Spelling;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The extensions that are here, and the plugins that were refused. Immutable and thread-safe. */
public final class Catalog implements Extensions {

    /**
     * An extension and who brought it.
     *
     * @param supplier {@code platform}, or a plugin's id and version
     */
    public record Supplied(Factory<?, ?> factory, String supplier) {}

    private final Map<Point, SortedMap<String, Supplied>> extensions = new EnumMap<>(Point.class);
    private final List<String> refusals;

    /**
     * Puts extensions in order.
     *
     * @param refusals one line for each plugin that is not used, saying why; shown to users who
     *     miss an extension
     * @throws InvalidInput when two extensions of one point have one name; names both suppliers
     */
    public Catalog(List<Supplied> extensions, List<String> refusals) {
        this.refusals = List.copyOf(refusals);
        for (Point point : Point.values()) {
            this.extensions.put(point, new TreeMap<>());
        }
        for (Supplied extension : extensions) {
            Point.of(extension.factory()).forEach(point -> add(point, extension));
        }
    }

    private void add(Point point, Supplied extension) {
        String name = extension.factory().name();
        Supplied other = extensions.get(point).put(name, extension);
        if (other != null) {
            throw new InvalidInput(
                    "two extensions have one name: "
                            + point.word()
                            + " "
                            + Words.quote(name)
                            + " comes from "
                            + other.supplier()
                            + " and from "
                            + extension.supplier()
                            + "; remove one of them");
        }
    }

    /**
     * Checks a factory by itself.
     *
     * @throws RuntimeException when its name or its options are not as {@link Factory} asks
     */
    public static void check(Factory<?, ?> factory) {
        if (Point.of(factory).isEmpty()) {
            throw new IllegalArgumentException("it is of no extension point");
        }
        if (!factory.name().matches("[a-z0-9-]+")) {
            throw new IllegalArgumentException(
                    "expected a name of a-z, 0-9 and -, found " + Words.quote(factory.name()));
        }
        Option.of(factory.options());
    }

    /**
     * Checks that each default of a factory's options fits its option, but for those that choose other
     * extensions.
     *
     * @throws InvalidInput when one does not; names the option
     */
    public static void checkDefaults(Factory<?, ?> factory) {
        new Binder(new Catalog(List.of(), List.of())).checkDefaults(factory.options());
    }

    /** What some extensions have that is another's already, in words; empty when nothing is. */
    public static Optional<String> firstClash(List<Supplied> some, List<Supplied> others) {
        for (Supplied extension : some) {
            for (Supplied other : others) {
                Optional<Point> shared =
                        Point.of(extension.factory()).stream()
                                .filter(point -> point.factory().isInstance(other.factory()))
                                .findFirst();
                String name = extension.factory().name();
                if (shared.isPresent() && name.equals(other.factory().name())) {
                    String word = shared.get().word() + " " + Words.quote(name);
                    return Optional.of(
                            "its " + word + " is the name of one of " + other.supplier());
                }
            }
        }
        return Optional.empty();
    }

    /** The extensions of a point by name, sorted. */
    public SortedMap<String, Supplied> at(Point point) {
        return Collections.unmodifiableSortedMap(extensions.get(point));
    }

    @Override
    public <F extends Factory<?, ?>> F find(Class<F> type, String name) {
        Point point = Point.ofFactory(type);
        return lookup(point, name)
                .map(type::cast)
                .orElseThrow(() -> new InvalidInput(unknown(point, name)));
    }

    @Override
    public <F extends Factory<?, ?>> Set<String> names(Class<F> type) {
        return at(Point.ofFactory(type)).keySet();
    }

    Optional<Factory<?, ?>> lookup(Point point, String name) {
        return Optional.ofNullable(extensions.get(point).get(name)).map(Supplied::factory);
    }

    /** Who brought an extension; the platform when it is not of this catalog. */
    String supplier(Point point, String name) {
        return Optional.ofNullable(extensions.get(point).get(name))
                .map(Supplied::supplier)
                .orElse("platform");
    }

    /** The message about a name that nobody has. */
    String unknown(Point point, String name) {
        List<String> names = List.copyOf(extensions.get(point).keySet());
        String nearest =
                Spelling.nearest(name, names)
                        .map(word -> "did you mean " + Words.quote(word) + "? ")
                        .orElse("");
        String all = names.isEmpty() ? "there is none" : "there are: " + String.join(", ", names);
        String refused = refusals.isEmpty() ? "" : " (" + String.join("; ", refusals) + ")";
        return "unknown " + point.word() + " " + Words.quote(name) + "; " + nearest + all + refused;
    }
}
