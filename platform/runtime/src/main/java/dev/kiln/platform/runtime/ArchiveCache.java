package dev.kiln.platform.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Archives, unpacked once and kept for the next start. An archive is known by its path, size and
 * time. Several processes may use one cache: each unpacks to a folder of its own and renames it, and
 * holds a shared lock on what it uses, so that what an older version of an archive left behind is
 * deleted only when nobody uses it.
 */
final class ArchiveCache implements AutoCloseable {
    private final Path root;
    private final List<FileChannel> inUse = new ArrayList<>();

    ArchiveCache(Path root) {
        this.root = root;
    }

    /**
     * The folder with an archive's content.
     *
     * @throws IOException when the archive cannot be unpacked; the message says why
     */
    Path folder(Path archive) throws IOException {
        String family = stem(archive) + "-" + hash(archive.toRealPath().toString()) + "-";
        String state = Files.size(archive) + " " + Files.getLastModifiedTime(archive).toInstant();
        Path folder = root.resolve(family + hash(state));
        inUse.add(lockShared(folder));
        if (!Files.isDirectory(folder)) {
            unpack(archive, folder);
            deleteUnused(family, folder);
        }
        return folder;
    }

    private void unpack(Path archive, Path folder) throws IOException {
        Path mine = Files.createTempDirectory(root, ".new-");
        try {
            Unpacker.unpack(archive, mine);
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
                        StandardOpenOption.WRITE);
        try {
            channel.lock(0, Long.MAX_VALUE, true);
        } catch (OverlappingFileLockException e) {
            // This process holds it already.
        }
        return channel;
    }

    private static Path lockFile(Path folder) {
        return folder.resolveSibling(folder.getFileName() + ".lock");
    }

    private void deleteUnused(String family, Path used) throws IOException {
        try (Stream<Path> all = Files.list(root)) {
            for (Path folder : all.filter(Files::isDirectory).toList()) {
                if (folder.getFileName().toString().startsWith(family) && !folder.equals(used)) {
                    deleteIfUnused(folder);
                }
            }
        }
    }

    private static void deleteIfUnused(Path folder) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(
                                lockFile(folder),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                delete(folder);
            }
        } catch (OverlappingFileLockException e) {
            // This process uses it.
        }
    }

    private static void delete(Path folder) throws IOException {
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
