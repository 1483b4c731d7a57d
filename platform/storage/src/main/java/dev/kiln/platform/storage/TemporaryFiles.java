package dev.kiln.platform.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The names that a file has while it is written: hidden, beside it, and such that nobody can put
 * something there beforehand.
 *
 * @param leftover what such names are like
 */
record TemporaryFiles(Path folder, String prefix, Pattern leftover) {
    private static final String SUFFIX = ".tmp";

    /** No writer pauses that long, so whoever wrote an older one was killed. */
    private static final Duration OLD = Duration.ofHours(1);

    static TemporaryFiles of(Path file) {
        String prefix = "." + file.getFileName() + "-";
        return new TemporaryFiles(
                file.toAbsolutePath().getParent(),
                prefix,
                Pattern.compile(Pattern.quote(prefix) + "[0-9a-f]{32}" + Pattern.quote(SUFFIX)));
    }

    Path next() {
        return folder.resolve(prefix + random() + SUFFIX);
    }

    /** 122 bits in hexadecimal, from a source that can't be predicted. */
    static String random() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** Deletes what killed processes left, as far as this one may; no links, folders or devices. */
    void deleteLeftovers() {
        try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, this::isLeftover)) {
            for (Path file : old) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // They are in nobody's way.
        }
    }

    private boolean isLeftover(Path file) throws IOException {
        if (!leftover.matcher(file.getFileName().toString()).matches()) {
            return false;
        }
        BasicFileAttributes found =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return found.isRegularFile()
                && found.lastModifiedTime().toInstant().isBefore(Instant.now().minus(OLD));
    }
}
