package dev.kiln.platform.config;

import dev.kiln.spi.ConfigFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Resolved configs as YAML. */
public final class YamlConfigFiles implements ConfigFiles {
    private final Supplier<Catalog> catalog;

    /** Reads with the extensions of a catalog that may be completed later. */
    public YamlConfigFiles(Supplier<Catalog> catalog) {
        this.catalog = catalog;
    }

    @Override
    public <O extends Record> O read(Path file, Class<O> part) {
        return bind(RunFiles.layers(file, Variables.SAVED), part);
    }

    @Override
    public <O extends Record> O parse(String text, Path name, Class<O> part) {
        Node node = YamlReader.text(text, name);
        if (!(node instanceof Node.Mapping)) {
            throw node.place().error("expected options by name, found " + node.found());
        }
        return bind(List.of(node), part);
    }

    private <O extends Record> O bind(List<Node> layers, Class<O> part) {
        Layered all = new Layered(layers, layers.getLast().place());
        return new Binder(catalog.get()).record(part, "", all, Binder.Others.ANY);
    }

    @Override
    public String write(String run, long seed, Path out, Record options) {
        return YamlWriter.write(run, seed, out, options);
    }
}
