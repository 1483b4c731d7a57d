package dev.kiln.platform.runtime;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/**
 * The plugins that an installation brings. {@code plugins/SHA256SUMS}, which the build writes and
 * {@code sha256sum -c} reads, names their archives. They are trusted as {@code lib} and {@code bin}
 * are: who can write there needs no plugin. So a start does not hash them.
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

    /** The ids of the plugins, sorted. */
    List<String> ids() throws IOException {
        SortedMap<String, String> ids = new TreeMap<>();
        for (String file : archives().keySet()) {
            ids.put(id(folder.resolve(file)), file);
        }
        return List.copyOf(ids.keySet());
    }

    private static String id(Path archive) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile());
                InputStream in = zip.getInputStream(zip.getEntry("classes/META-INF/MANIFEST.MF"))) {
            return new Manifest(in).getMainAttributes().getValue("Plugin-Id");
        }
    }
}
