package dev.kiln.platform.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Unpacks an archive that nobody has to trust: within its folder, within bounds. */
final class Unpacker {
    private static final int MAX_ENTRIES = 50_000;
    private static final long MAX_BYTES = 8L << 30;
    private static final long MAX_RATIO = 100;

    private final Path folder;
    private final long mostBytes;
    private long bytes;

    private Unpacker(Path folder, long archiveBytes) {
        this.folder = folder;
        this.mostBytes = Math.min(MAX_BYTES, (1 << 20) + MAX_RATIO * archiveBytes);
    }

    /**
     * Unpacks to an empty folder.
     *
     * @throws IOException when the archive is broken, leaves the folder or is out of bounds; the
     *     message says so
     */
    static void unpack(Path archive, Path folder) throws IOException {
        Unpacker unpacker = new Unpacker(folder, Files.size(archive));
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            if (zip.size() > MAX_ENTRIES) {
                throw new IOException("it has more than " + MAX_ENTRIES + " entries");
            }
            for (ZipEntry entry : Collections.list(zip.entries())) {
                unpacker.unpack(zip, entry);
            }
        }
    }

    private void unpack(ZipFile zip, ZipEntry entry) throws IOException {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
            throw new IOException("its entry '" + entry.getName() + "' leaves its folder");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        try (InputStream in = zip.getInputStream(entry);
                OutputStream out = Files.newOutputStream(target)) {
            copy(in, out);
        }
    }

    private void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            bytes += n;
            if (bytes > mostBytes) {
                throw new IOException("it unpacks to more than " + mostBytes + " bytes");
            }
            out.write(buffer, 0, n);
        }
    }
}
