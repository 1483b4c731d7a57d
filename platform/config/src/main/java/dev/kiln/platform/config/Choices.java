package dev.kiln.platform.config;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Factory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Binds choices of extensions. {@code name}, {@code {name: null}} and {@code {name: {options}}} are
 * the written forms; an override may step to the name or straight to an option of what is chosen.
 */
final class Choices {
    private final Catalog catalog;
    private final Binder binder;

    Choices(Catalog catalog, Binder binder) {
        this.catalog = catalog;
        this.binder = binder;
    }

    Choice<?> choose(Point point, String label, Layered value) {
        Chosen chosen = new Chosen(point, label);
        value.nodes().forEach(chosen::apply);
        return bind(chosen.factory(), point, new Layered(chosen.options, chosen.place));
    }

    <T> Choice<T> bind(Factory<?, T> factory, Point point, Layered options) {
        return bindTyped(factory, point, options);
    }

    private <O extends Record, T> Choice<T> bindTyped(
            Factory<O, T> factory, Point point, Layered options) {
        String owner = point.word() + " " + factory.name();
        Binder.Others others = point == Point.RUN ? Binder.Others.HEADER : Binder.Others.REFUSED;
        return new FactoryChoice<>(
                factory,
                binder.record(factory.options(), owner, options, others),
                owner + " of " + catalog.supplier(point, factory.name()));
    }

    /** What the layers so far have chosen: a name, and layers of its options. */
    private final class Chosen {
        private final Point point;
        private final String label;
        private Optional<String> name = Optional.empty();
        private List<Node> options = new ArrayList<>();
        private Place place = new Place("");

        Chosen(Point point, String label) {
            this.point = point;
            this.label = label;
        }

        Factory<?, ?> factory() {
            String chosen = name.orElseThrow();
            return catalog.lookup(point, chosen)
                    .orElseThrow(() -> place.error(catalog.unknown(point, chosen)));
        }

        void apply(Node node) {
            switch (node) {
                case Node.Mapping map when map.entries().size() == 1 -> {
                    Map.Entry<String, Node.Entry> only = map.entries().entrySet().iterator().next();
                    choose(only.getKey(), only.getValue().key());
                    options.add(only.getValue().value());
                }
                case Node.Scalar scalar when !node.isNothing() -> {
                    name = Optional.empty();
                    choose(scalar.text(), scalar.place());
                }
                case Node.Step step -> step(step);
                case Node.Mapping _, Node.Scalar _, Node.Sequence _ ->
                        throw Scalars.mismatch(node, "one " + point.word(), label);
            }
        }

        /** Goes on with the same choice, whose options add up, or starts with another. */
        private void choose(String newName, Place newPlace) {
            if (!name.equals(Optional.of(newName))) {
                options = new ArrayList<>();
            }
            name = Optional.of(newName);
            place = newPlace;
        }

        private void step(Node.Step step) {
            if (name.isPresent() && isOption(step)) {
                options.add(step);
            } else if (isName(step.key())) {
                choose(step.key(), step.place());
                options.add(step.rest());
            } else {
                throw step.place().error(unknownStep(step.key()));
            }
        }

        /** Whether a step goes to an option of what is chosen, and not to the choice's own name. */
        private boolean isOption(Node.Step step) {
            List<String> names = Option.names(Option.of(factory().options()));
            boolean toName = name.equals(Optional.of(step.key()));
            return names.contains(step.key())
                    && !(toName && (step.rest() instanceof Node.Mapping || leadsTo(step, names)));
        }

        private boolean leadsTo(Node.Step step, List<String> names) {
            return step.rest() instanceof Node.Step next && names.contains(next.key());
        }

        private boolean isName(String key) {
            return name.equals(Optional.of(key)) || catalog.lookup(point, key).isPresent();
        }

        private String unknownStep(String key) {
            if (name.isEmpty()) {
                return catalog.unknown(point, key);
            }
            List<String> names = Option.names(Option.of(factory().options()));
            return "unknown option "
                    + Words.quote(key)
                    + " of "
                    + point.word()
                    + " "
                    + name.get()
                    + Words.hint(key, names);
        }
    }
}
