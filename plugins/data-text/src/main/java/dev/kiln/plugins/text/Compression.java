package dev.kiln.plugins.text;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** How a text file is compressed: known by its first bytes, which no UTF-8 text begins with. */
enum Compression {
    GZIP("1f8b") {
        @Override
        InputStream unpacked(InputStream in) throws IOException {
            return new GZIPInputStream(in, BUFFER);
        }
    },
    ZSTD("28b52ffd") {
        @Override
        InputStream unpacked(InputStream in) {
            return new ZstdInputStream(in);
        }
    };

    private static final int BUFFER = 1 << 16;

    private final byte[] magic;

    Compression(String magic) {
        this.magic = HexFormat.of().parseHex(magic);
    }

    abstract InputStream unpacked(InputStream in) throws IOException;

    /** That of a file; empty when it is not compressed. */
    static Optional<Compression> of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(4);
            return Arrays.stream(values()).filter(one -> one.begins(head)).findFirst();
        }
    }

    private boolean begins(byte[] head) {
        return head.length >= magic.length
                && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
    }

    /** The bytes of a file, unpacked where it is compressed. */
    static InputStream open(Path file) throws IOException {
        Optional<Compression> compression = of(file);
        InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            return compression.isEmpty()
                    ? in
                    : new BufferedInputStream(
                            new UnpackedInput(file, compression.get().unpacked(in)), BUFFER);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }
}
