package dev.kiln.plugins.text;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One file of a corpus.
 *
 * @param name its path below the folder that was asked for, with slashes on every system
 */
record CorpusFile(Path path, String name) {

    /** The file's size in bytes. */
    long size() {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** The file itself, whatever links lead to it. */
    Path real() {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    static InvalidInput unreadable(Path path, IOException e) {
        return new InvalidInput(path + ": cannot be read: " + e, e);
    }
}
