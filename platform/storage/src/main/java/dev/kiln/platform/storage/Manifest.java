package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which files a checkpoint consists of, and how each must be. It is written last.
 *
 * @param format version of this layout, 1
 * @param files by name
 */
record Manifest(int format, Map<String, Entry> files) {
    static final int FORMAT = 1;
    static final String FILE = "manifest.json";

    Manifest {
        files = new TreeMap<>(files);
    }

    /**
     * @param sha256 in lower-case hexadecimal
     */
    record Entry(long bytes, String sha256) {}

    /**
     * Checks a folder against its manifest.
     *
     * @param expected the names of the files that must be there
     * @throws InvalidInput when a file is missing or is not what was written; names it
     */
    static void verify(Path folder, Iterable<String> expected) {
        Manifest manifest = Json.read(folder.resolve(FILE), Manifest.class);
        if (manifest.format != FORMAT) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: has format %d, this Kiln reads format %d",
                            folder.resolve(FILE),
                            manifest.format,
                            FORMAT));
        }
        for (String name : expected) {
            Entry entry = manifest.files.get(name);
            if (entry == null) {
                throw new InvalidInput(folder.resolve(FILE) + ": does not list " + name);
            }
            verify(folder.resolve(name), entry);
        }
    }

    private static void verify(Path file, Entry entry) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new InvalidInput(file + ": is missing");
            }
            if (Files.size(file) != entry.bytes) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s: has %d bytes, %d were written",
                                file,
                                Files.size(file),
                                entry.bytes));
            }
            if (!sha256(file).equals(entry.sha256)) {
                throw new InvalidInput(
                        file + ": is damaged: its SHA-256 is not the one that was written");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 20];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Passes bytes on and hashes them. */
    static final class Hashing implements WritableByteChannel {
        private final WritableByteChannel out;
        private final MessageDigest digest = sha256();
        private long bytes;

        Hashing(WritableByteChannel out) {
            this.out = out;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            ByteBuffer written = source.duplicate();
            int count = out.write(source);
            digest.update(written.limit(written.position() + count));
            bytes += count;
            return count;
        }

        /** What went through; asked once, at the end. */
        Entry entry() {
            return new Entry(bytes, HexFormat.of().formatHex(digest.digest()));
        }

        @Override
        public boolean isOpen() {
            return out.isOpen();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
