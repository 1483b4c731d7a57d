package dev.kiln.distribution.archive;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * A folder for temporary files whose path is the same in each build on a machine. It is there as long
 * as a build uses it; another one waits meanwhile, and deletes what a build left that was killed.
 */
record FixedPlace(Path folder) implements AutoCloseable {
    private static final Duration LONGEST_USE = Duration.ofMinutes(10);

    static FixedPlace take(String name) throws IOException, InterruptedException {
        Path folder = Path.of(System.getProperty("java.io.tmpdir")).toRealPath().resolve(name);
        while (true) {
            try {
                return new FixedPlace(Files.createDirectory(folder));
            } catch (FileAlreadyExistsException e) {
                if (isLeftOver(folder)) {
                    Assemble.delete(folder);
                } else {
                    Thread.sleep(1000);
                }
            }
        }
    }

    private static boolean isLeftOver(Path folder) throws IOException {
        try {
            Instant changed = Files.getLastModifiedTime(folder).toInstant();
            return changed.plus(LONGEST_USE).isBefore(Instant.now());
        } catch (NoSuchFileException e) {
            return false; // The other build has just given it back.
        }
    }

    /** Copies a folder to here, with the times of its files. */
    void copy(Path from, String name) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(
                        path,
                        folder.resolve(name).resolve(from.relativize(path).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    @Override
    public void close() throws IOException {
        Assemble.delete(folder);
    }
}
