package dev.kiln.platform.runtime;

import static dev.kiln.platform.runtime.PluginRefused.quote;

import dev.kiln.platform.runtime.ZipDirectory.Entry;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/** Unpacks an archive that nobody has to trust: within its folder, within bounds. */
final class Unpacker {
    private static final long MAX_ENTRY_BYTES = 1L << 30;
    private static final long MAX_BYTES = 4L << 30;
    private static final long MAX_RATIO = 100;
    private static final int BUFFER = 1 << 16;

    private Unpacker() {}

    /**
     * Unpacks to an empty folder.
     *
     * @throws PluginRefused when the archive is broken, leaves the folder or is out of bounds; parts
     *     of it may be in the folder then
     */
    static void unpack(Path archive, Path folder) throws IOException, PluginRefused {
        try (FileChannel channel = FileChannel.open(archive)) {
            unpack(channel, folder);
        }
    }

    /** Unpacks an open archive, as {@link #unpack(Path, Path)}. */
    static void unpack(FileChannel archive, Path folder) throws IOException, PluginRefused {
        for (Entry entry : entries(archive)) {
            Path target = target(folder, entry);
            if (entry.isFolder()) {
                Files.createDirectories(target);
            } else {
                Files.createDirectories(target.getParent());
                unpack(archive, entry, target);
            }
        }
    }

    private static Path target(Path folder, Entry entry) throws PluginRefused {
        try {
            return folder.resolve(entry.name());
        } catch (InvalidPathException e) {
            throw new PluginRefused(
                    "its entry "
                            + quote(entry.name())
                            + " has a name that no file can have in this locale");
        }
    }

    /** The entries of an archive that may be unpacked. */
    static List<Entry> entries(FileChannel archive) throws IOException, PluginRefused {
        List<Entry> entries = ZipDirectory.read(archive);
        EntryNames names = new EntryNames();
        long mostBytes = Math.min(MAX_BYTES, (1 << 20) + MAX_RATIO * archive.size());
        long bytes = 0;
        for (Entry entry : entries) {
            names.add(entry.name());
            if (entry.size() > MAX_ENTRY_BYTES) {
                throw new PluginRefused(
                        "its entry "
                                + quote(entry.name())
                                + " has more than "
                                + MAX_ENTRY_BYTES
                                + " bytes");
            }
            bytes += entry.size();
        }
        if (bytes > mostBytes) {
            throw new PluginRefused("it unpacks to more than " + mostBytes + " bytes");
        }
        return entries;
    }

    private static void unpack(FileChannel archive, Entry entry, Path target)
            throws IOException, PluginRefused {
        CRC32 crc = new CRC32();
        Inflater inflater = new Inflater(true);
        try (InputStream raw = new Slice(archive, entry.start(), entry.packed());
                InputStream in =
                        new CheckedInputStream(
                                entry.deflated()
                                        ? new InflaterInputStream(raw, inflater, BUFFER)
                                        : raw,
                                crc);
                OutputStream out = Files.newOutputStream(target)) {
            boolean whole =
                    copy(in, out, entry.size())
                            && (int) crc.getValue() == entry.crc()
                            && (!entry.deflated() || inflater.getBytesRead() == entry.packed());
            if (!whole) {
                throw damaged(entry);
            }
        } catch (ZipException | EOFException e) {
            throw damaged(entry);
        } finally {
            inflater.end();
        }
    }

    /** Returns whether there were exactly so many bytes; stops when there are more. */
    private static boolean copy(InputStream in, OutputStream out, long size) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long bytes = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            bytes += n;
            if (bytes > size) {
                return false;
            }
            out.write(buffer, 0, n);
        }
        return bytes == size;
    }

    private static PluginRefused damaged(Entry entry) {
        return new PluginRefused(
                "its entry " + quote(entry.name()) + " is not what the archive says");
    }

    /** Whether a folder has just what an archive holds, by sizes and CRC-32. */
    static boolean isUnpacked(Path archive, Path folder) throws IOException, PluginRefused {
        try (FileChannel channel = FileChannel.open(archive);
                Stream<Path> all = Files.walk(folder)) {
            List<Entry> files = entries(channel).stream().filter(e -> !e.isFolder()).toList();
            for (Entry entry : files) {
                if (!isUnpacked(entry, target(folder, entry))) {
                    return false;
                }
            }
            // A link is nothing that was unpacked, be it to a file or a folder.
            List<Path> others =
                    all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                            .toList();
            return others.size() == files.size()
                    && others.stream()
                            .allMatch(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS));
        }
    }

    private static boolean isUnpacked(Entry entry, Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                || Files.size(file) != entry.size()) {
            return false;
        }
        CRC32 crc = new CRC32();
        try (InputStream in = new CheckedInputStream(Files.newInputStream(file), crc)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return (int) crc.getValue() == entry.crc();
    }
}
