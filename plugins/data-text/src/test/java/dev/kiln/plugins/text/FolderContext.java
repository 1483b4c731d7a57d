package dev.kiln.plugins.text;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A context whose relative paths are in a folder. */
record FolderContext(Path folder) implements Context {
    @Override
    public long seed() {
        return 1;
    }

    @Override
    public Path resolve(String path) {
        return folder.resolve(path);
    }

    @Override
    public Path runFolder() {
        return folder;
    }

    @Override
    public Stream<String> trainingDocuments() {
        throw new InvalidInput("no corpus");
    }
}
