package dev.kiln.plugins.schedules;

import dev.kiln.spi.Context;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The context of a schedule, which needs to know nothing of its run. */
enum NoContext implements Context {
    INSTANCE;

    @Override
    public long seed() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path resolve(String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path runFolder() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Stream<String> trainingDocuments() {
        throw new UnsupportedOperationException();
    }
}
