package dev.kiln.platform.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.pf4j.PluginDescriptor;

/**
 * An archive that passed every check but that of trust, copied and unpacked in a folder that is
 * deleted when this is closed. What was checked is the copy, and the copy is what is installed.
 *
 * @param file the copy
 * @param content the folder with what is in it
 */
record StagedArchive(Path folder, Path file, Path content, PluginDescriptor manifest, String sha256)
        implements AutoCloseable {
    private static final String INDEX = "classes/META-INF/extensions.idx";

    /**
     * Copies, unpacks and checks.
     *
     * @param folder empty; it is deleted when the archive is refused
     */
    static StagedArchive of(Path archive, Path folder) throws IOException, PluginRefused {
        boolean whole = false;
        try {
            Path copy = folder.resolve("archive.zip");
            String sha256 = copy(archive, copy);
            Path content = Files.createDirectory(folder.resolve("content"));
            Unpacker.unpack(copy, content);
            PluginDescriptor manifest = Manifests.read(content);
            SpiVersion.check(SpiVersion.current(), manifest.getRequires());
            Dependencies.checkRanges(manifest);
            whole = true;
            return new StagedArchive(folder, copy, content, manifest, sha256);
        } finally {
            if (!whole) {
                ArchiveCache.delete(folder);
            }
        }
    }

    /**
     * The names of its extensions' classes; none in what only other plugins depend on.
     *
     * @throws PluginRefused when nothing says which they are, so that none would ever be found
     */
    List<String> extensions() throws IOException, PluginRefused {
        Path index = content.resolve(INDEX);
        if (!Files.isRegularFile(index)) {
            throw new PluginRefused(
                    "it has no "
                            + INDEX
                            + ", so no extension of it can be found: mark each factory with"
                            + " @Extension and compile with PF4J's annotation processor, as"
                            + " kiln-plugin-parent does (a plugin with nothing but classes for other"
                            + " plugins has an empty one)");
        }
        return Files.readString(index, StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private static String copy(Path archive, Path target) throws IOException, PluginRefused {
        if (!Files.isRegularFile(archive)) {
            throw new PluginRefused("there is no such file");
        }
        try (FileChannel channel = FileChannel.open(archive)) {
            Unpacker.entries(channel); // What is no archive at all may be large.
        }
        try (InputStream in = Files.newInputStream(archive);
                OutputStream out = Files.newOutputStream(target)) {
            return Sha256.copy(in, out);
        }
    }

    @Override
    public void close() throws IOException {
        ArchiveCache.delete(folder);
    }
}
