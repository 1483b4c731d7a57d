package dev.kiln.platform.config;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A run file and those that it extends. */
final class RunFiles {
    static final String EXTENDS = "extends";

    private final List<Node> layers = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();

    private RunFiles() {}

    /** The top-level maps, what is extended before what extends it. */
    static List<Node> layers(Path file) {
        RunFiles chain = new RunFiles();
        chain.add(file);
        return List.copyOf(chain.layers.reversed());
    }

    private void add(Path file) {
        Node node = YamlReader.file(file);
        if (node.isNothing()) {
            throw new InvalidInput(file + ": expected a run file, found it empty");
        }
        if (!(node instanceof Node.Mapping map)) {
            throw node.place().error("expected 'run: …' and options, found " + node.found());
        }
        files.add(real(file));
        layers.add(map);
        Node.Entry base = map.entries().get(EXTENDS);
        if (base != null) {
            add(base(file, base.value()));
        }
    }

    private Path base(Path file, Node value) {
        if (!(value instanceof Node.Scalar(String text, _, Place place)) || value.isNothing()) {
            throw value.place().error("expected a file for 'extends', found " + value.found());
        }
        Path base = file.resolveSibling(Scalars.path(text, place)).normalize();
        if (!Files.isRegularFile(base)) {
            throw place.error("no file " + Words.quote(base.toString()) + " to extend");
        }
        if (files.contains(real(base))) {
            throw place.error(
                    "'extends' goes in a circle: "
                            + Words.quote(base.toString())
                            + " leads back here");
        }
        return base;
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            throw YamlReader.unreadable(file, e);
        }
    }
}
