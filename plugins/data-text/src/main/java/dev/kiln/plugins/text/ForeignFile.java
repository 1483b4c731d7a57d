package dev.kiln.plugins.text;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Formats that are taken for raw ids, known by their first bytes. */
enum ForeignFile {
    NUMPY("934e554d5059", "NumPy's own format (np.save), with a header before the ids"),
    ZIP("504b0304", "a zip archive, as torch.save and np.savez write"),
    GZIP("1f8b08", "compressed by gzip"),
    ZSTD("28b52ffd", "compressed by zstd"),
    PARQUET("50415231", "a Parquet file"),
    PICKLE("80", "a Python pickle, as torch.save and pickle.dump write") {
        /** Byte 80 begins many a raw file too: a version follows, a frame from 4 on, STOP ends it. */
        @Override
        boolean matches(MemorySegment bytes) {
            long size = bytes.byteSize();
            if (size < 4 || !super.matches(bytes) || at(bytes, size - 1) != '.') {
                return false;
            }
            int version = at(bytes, 1);
            return version == 2 || version == 3 || version <= 5 && at(bytes, 2) == FRAME;
        }
    };

    private static final int FRAME = 0x95;

    private final byte[] magic;
    private final String description;

    ForeignFile(String magic, String description) {
        this.magic = HexFormat.of().parseHex(magic);
        this.description = description;
    }

    static Optional<ForeignFile> of(MemorySegment bytes) {
        return Arrays.stream(values()).filter(format -> format.matches(bytes)).findFirst();
    }

    boolean matches(MemorySegment bytes) {
        MemorySegment expected = MemorySegment.ofArray(magic);
        return bytes.byteSize() >= magic.length
                && bytes.asSlice(0, magic.length).mismatch(expected) < 0;
    }

    private static int at(MemorySegment bytes, long index) {
        return bytes.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
    }

    String description() {
        return description;
    }
}
