package dev.kiln.platform.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Archives, unpacked once and kept for the next start, known by their hashes. Several processes may
 * use one cache: each unpacks to a folder of its own and renames it, and holds a shared lock on what
 * it uses, so that what an older version of an archive left behind is deleted only when nobody uses
 * it.
 */
final class ArchiveCache implements AutoCloseable {
    private final Path root;
    private final List<FileChannel> inUse = new ArrayList<>();

    ArchiveCache(Path root) {
        this.root = root;
    }

    /**
     * The folder with the content of an archive that the installation brings. Who can change what is
     * in it can change the installation, so it is not looked through.
     *
     * @param sha256 of the archive, as the installation lists it
     * @throws PluginRefused when the archive is another, or broken, or unsafe
     */
    Path bundled(Path archive, String sha256) throws IOException, PluginRefused {
        String family = stem(archive) + "-" + hash(archive.toRealPath().toString()) + "-";
        Path folder = root.resolve(family + sha256.substring(0, 16));
        inUse.add(lockShared(folder));
        if (!Files.isDirectory(folder)) {
            unpack(archive, sha256, folder);
            deleteUnused(
                    other ->
                            other.getFileName().toString().startsWith(family)
                                    && !other.equals(folder));
        }
        return folder;
    }

    /**
     * The folder with the content of an archive that the user installed. Content that was changed
     * since it was unpacked is unpacked anew.
     *
     * @throws PluginRefused when the archive is another, or broken, or unsafe, or its changed content
     *     is in use
     */
    Path installed(Path archive, String sha256) throws IOException, PluginRefused {
        Path folder = root.resolve(sha256);
        if (Files.exists(folder) && !Unpacker.isUnpacked(archive, folder)) {
            deleteIfUnused(folder);
            if (Files.exists(folder)) {
                throw new PluginRefused("its unpacked copy was changed, and is in use: " + folder);
            }
        }
        inUse.add(lockShared(folder));
        if (!Files.isDirectory(folder)) {
            unpack(archive, sha256, folder);
        }
        return folder;
    }

    /** Deletes all that was unpacked of installed archives but these and what is in use. */
    void keepOnly(Set<String> hashes) throws IOException {
        deleteUnused(
                folder -> {
                    String name = folder.getFileName().toString();
                    return name.matches("[0-9a-f]{64}") && !hashes.contains(name);
                });
    }

    private void unpack(Path archive, String sha256, Path folder)
            throws IOException, PluginRefused {
        Path mine = Files.createTempDirectory(root, ".new-");
        try (FileChannel channel = FileChannel.open(archive)) {
            // The same open file is hashed and unpacked, whatever has its name meanwhile.
            if (!Sha256.of(channel).equals(sha256)) {
                throw new PluginRefused("its SHA-256 is not " + sha256);
            }
            Unpacker.unpack(channel, mine);
            Files.move(mine, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            // Another process was faster, and its folder is as good.
        } finally {
            delete(mine);
        }
    }

    private static FileChannel lockShared(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        lockFile(folder),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        StoreLock.lockShared(channel);
        return channel;
    }

    private static Path lockFile(Path folder) {
        return folder.resolveSibling(folder.getFileName() + ".lock");
    }

    private void deleteUnused(Predicate<Path> old) throws IOException {
        try (Stream<Path> all = Files.list(root)) {
            for (Path folder : all.filter(Files::isDirectory).filter(old).toList()) {
                deleteIfUnused(folder);
            }
        }
    }

    private static void deleteIfUnused(Path folder) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(
                                lockFile(folder),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                delete(folder);
            }
        } catch (OverlappingFileLockException e) {
            // This process uses it.
        }
    }

    /** Deletes a folder with all that is in it, if it is there. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static String stem(Path archive) {
        return archive.getFileName().toString().replaceFirst("\\.zip$", "");
    }

    private static String hash(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** Lets go of all folders. */
    @Override
    public void close() {
        try {
            for (FileChannel channel : inUse) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
