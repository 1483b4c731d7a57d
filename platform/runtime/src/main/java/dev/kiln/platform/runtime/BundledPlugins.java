package dev.kiln.platform.runtime;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The plugins that an installation brings. {@code plugins/SHA256SUMS}, which the build writes and
 * {@code sha256sum -c} reads, names their archives. They are trusted as {@code lib} and {@code bin}
 * are: who can write there needs no plugin. So a start hashes one only to unpack it.
 */
record BundledPlugins(Path folder) {
    static final String LIST = "SHA256SUMS";
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *]([^/\\\\]+)");

    /** The archives by file name, with their hashes. */
    SortedMap<String, String> archives() {
        SortedMap<String, String> archives = new TreeMap<>();
        Path list = folder.resolve(LIST);
        try {
            for (String line : Files.readAllLines(list)) {
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches()) {
                    throw new InvalidInput(
                            list + ": expected SHA-256 and file, found '" + line + "'");
                }
                archives.put(matcher.group(2), matcher.group(1));
            }
            return archives;
        } catch (NoSuchFileException e) {
            return archives;
        } catch (IOException e) {
            throw new InvalidInput(list + " cannot be read: " + e, e);
        }
    }

    /** The ids of the plugins; those that cannot be read, of which each start warns, have none. */
    SortedSet<String> ids() {
        return archives().keySet().stream()
                .flatMap(file -> id(folder.resolve(file)).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Optional<String> id(Path archive) {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            ZipEntry manifest = zip.getEntry("classes/META-INF/MANIFEST.MF");
            if (manifest == null) {
                return Optional.empty();
            }
            return Optional.ofNullable(
                    new Manifest(zip.getInputStream(manifest))
                            .getMainAttributes()
                            .getValue("Plugin-Id"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
