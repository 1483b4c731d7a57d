package dev.kiln.platform.config;

import java.util.ArrayList;
import java.util.List;

/**
 * All that was said of one value: by the files, what is extended first, then by the overrides. Maps
 * add to each other, anything else replaces what was there.
 *
 * @param nodes in the order in which they apply; may be empty
 * @param home where the value would stand
 */
record Layered(List<Node> nodes, Place home) {

    static Layered of(Node node) {
        return new Layered(List.of(node), node.place());
    }

    Node last() {
        return nodes.getLast();
    }

    /** Where to look when the value as a whole is wrong. */
    Place place() {
        return nodes.isEmpty() ? home : last().place();
    }

    /** Where to look when something is missing: where the value stands in a file, if it does. */
    Place written() {
        return nodes.reversed().stream()
                .filter(node -> !(node instanceof Node.Step))
                .findFirst()
                .map(Node::place)
                .orElse(home);
    }

    /** Whether the value itself is left out, at most parts of it are overridden. */
    boolean leftOut() {
        return nodes.stream().allMatch(node -> node instanceof Node.Step);
    }

    Layered over(Node base) {
        List<Node> all = new ArrayList<>(List.of(base));
        all.addAll(nodes);
        return new Layered(all, home);
    }

    /** What was said after it was last said that there is nothing. */
    Layered afterNothing() {
        int from = nodes.size();
        while (from > 0 && !nodes.get(from - 1).isNothing()) {
            from--;
        }
        return new Layered(nodes.subList(from, nodes.size()), home);
    }

    /** What the maps and steps among the layers say of one key. */
    Layered child(String key) {
        List<Node> values = new ArrayList<>();
        for (Node node : nodes) {
            if (node instanceof Node.Mapping map && map.entries().containsKey(key)) {
                values.add(map.entries().get(key).value());
            } else if (node instanceof Node.Step step && step.key().equals(key)) {
                values.add(step.rest());
            }
        }
        return new Layered(values, written());
    }
}
