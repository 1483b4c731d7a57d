package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What a path to write to leads to. */
sealed interface Destination {

    /** A file, there already or not, that another may be renamed over. */
    record Replaced(Path file) implements Destination {}

    /** A device, pipe or the like, which must stay what it is. */
    record Device(Path path) implements Destination {}

    /**
     * Looks at a path, and follows links.
     *
     * @throws InvalidInput when it is a folder, or a link that leads to one or to nothing
     */
    static Destination of(Path path) throws IOException {
        boolean link = Files.isSymbolicLink(path);
        if (link) {
            checkLeadsSomewhere(path);
        } else if (!Files.exists(path)) {
            return new Replaced(path);
        }
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        if (found.isDirectory()) {
            String kind = link ? ": is a link to a folder" : ": is a folder";
            throw new InvalidInput(path + kind + ", expected a file to write");
        }
        if (found.isOther()) {
            return new Device(path);
        }
        return new Replaced(link ? path.toRealPath() : path);
    }

    /** The folder that a path leads to, for a folder that is to take its place. */
    static Path folder(Path path) throws IOException {
        if (!Files.isSymbolicLink(path)) {
            return path;
        }
        checkLeadsSomewhere(path);
        return path.toRealPath();
    }

    private static void checkLeadsSomewhere(Path link) throws IOException {
        if (!Files.exists(link)) {
            throw new InvalidInput(
                    link
                            + ": is a link to "
                            + Files.readSymbolicLink(link)
                            + ", which is not there");
        }
    }
}
