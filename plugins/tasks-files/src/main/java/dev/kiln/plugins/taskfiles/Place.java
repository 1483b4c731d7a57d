package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A line of a file.
 *
 * @param line counted from 1
 */
record Place(Path file, int line) {

    /** The name of the example that is here. */
    String id() {
        return file.getFileName() + ":" + line;
    }

    InvalidInput refuse(String why) {
        return new InvalidInput(String.format(Locale.ROOT, "%s:%d: %s", file, line, why));
    }

    static InvalidInput unreadable(Path file, IOException e) {
        return new InvalidInput(file + ": cannot be read: " + e, e);
    }
}
