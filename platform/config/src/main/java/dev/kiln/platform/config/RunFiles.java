package dev.kiln.platform.config;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A run file and those that it extends. */
final class RunFiles {
    static final String EXTENDS = "extends";

    private static final int MOST = 100;

    private final Variables variables;
    private final List<Node> layers = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();

    private RunFiles(Variables variables) {
        this.variables = variables;
    }

    /** The top-level maps, what is extended before what extends it. */
    static List<Node> layers(Path file, Variables variables) {
        RunFiles chain = new RunFiles(variables);
        Optional<Path> next = Optional.of(file);
        while (next.isPresent()) {
            next = chain.add(next.get());
        }
        return List.copyOf(chain.layers.reversed());
    }

    /** Returns the file that it extends. */
    private Optional<Path> add(Path file) {
        Node node = YamlReader.file(file, variables);
        if (node.isNothing()) {
            throw new InvalidInput(file + ": expected a run file, found it empty");
        }
        if (!(node instanceof Node.Mapping map)) {
            throw node.place().error("expected 'run: …' and options, found " + node.found());
        }
        files.add(real(file));
        layers.add(map);
        return Optional.ofNullable(map.entries().get(EXTENDS))
                .map(base -> base(file, base.value()));
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
        if (files.size() == MOST) {
            throw place.error("more than " + MOST + " files extend one another");
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
