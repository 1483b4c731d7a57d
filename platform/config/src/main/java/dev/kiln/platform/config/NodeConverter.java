package dev.kiln.platform.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** From the parser's nodes to ours. Aliases are written out, so it counts what comes of them. */
final class NodeConverter {
    private static final int MAX_NODES = 100_000;

    private final YamlReader.Places places;
    private final YamlReader.Texts texts;
    private int nodes;

    NodeConverter(YamlReader.Places places, YamlReader.Texts texts) {
        this.places = places;
        this.texts = texts;
    }

    Node convert(org.yaml.snakeyaml.nodes.Node node, int depth) {
        Place place = places.of(node.getStartMark());
        if (depth > YamlReader.MAX_DEPTH) {
            throw place.error("nested deeper than " + YamlReader.MAX_DEPTH + " levels");
        }
        if (++nodes > MAX_NODES) {
            throw place.error("more than " + MAX_NODES + " values, aliases written out");
        }
        if (!node.getTag().startsWith(Tag.PREFIX)) {
            throw place.error(
                    "tags such as "
                            + Words.quote(texts.other(node.getTag() + ""))
                            + " mean nothing here");
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar, place);
            case SequenceNode sequence -> {
                List<Node> items = new ArrayList<>();
                sequence.getValue().forEach(item -> items.add(convert(item, depth + 1)));
                yield new Node.Sequence(List.copyOf(items), place);
            }
            case MappingNode mapping -> mapping(mapping, place, depth);
            default -> throw new IllegalStateException("unexpected node " + node.getNodeId());
        };
    }

    private Node scalar(ScalarNode scalar, Place place) {
        return new Node.Scalar(
                texts.value(scalar.getValue(), place),
                scalar.getScalarStyle() == ScalarStyle.PLAIN,
                place);
    }

    private Node mapping(MappingNode mapping, Place place, int depth) {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Place keyPlace = places.of(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw keyPlace.error("expected a word as key, found a list or map");
            }
            Node value = convert(tuple.getValueNode(), depth + 1);
            String word = texts.other(key.getValue());
            if (entries.put(word, new Node.Entry(keyPlace, value)) != null) {
                throw keyPlace.error("key " + Words.quote(word) + " stands here twice");
            }
        }
        return new Node.Mapping(entries, place);
    }
}
