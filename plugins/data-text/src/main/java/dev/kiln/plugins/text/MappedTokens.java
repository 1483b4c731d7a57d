package dev.kiln.plugins.text;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.Tokens;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Token ids mapped from a file; unmapped when nothing refers to them. Thread-safe. */
final class MappedTokens implements Tokens {
    private static final ValueLayout.OfShort UINT16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt UINT32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final MemorySegment bytes;
    private final TokenType type;

    private MappedTokens(Path file, MemorySegment bytes, TokenType type) {
        this.file = file;
        this.bytes = bytes;
        this.type = type;
    }

    /**
     * @param option the name of the option that gave the path, for messages
     * @throws InvalidInput when the file is missing, empty, or not a whole number of ids
     */
    static MappedTokens open(String option, Path file, TokenType type) {
        if (!Files.isRegularFile(file)) {
            String nearest =
                    Neighbours.nearest(file).map(" (did you mean %s?)"::formatted).orElse("");
            throw new InvalidInput(option + ": no such file: " + file + nearest);
        }
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size == 0 || size % type.bytes() != 0) {
                throw new InvalidInput(
                        "%s: expected token ids of %d bytes (%s), got a file of %,d bytes"
                                .formatted(file, type.bytes(), type, size));
            }
            return new MappedTokens(
                    file, channel.map(MapMode.READ_ONLY, 0, size, Arena.ofAuto()), type);
        } catch (IOException e) {
            throw CorpusFile.unreadable(file, e);
        }
    }

    @Override
    public long size() {
        return bytes.byteSize() / type.bytes();
    }

    @Override
    public void copy(long from, int[] out, int offset, int count) {
        Objects.checkFromIndexSize(from, count, size());
        Objects.checkFromIndexSize(offset, count, out.length);
        try {
            switch (type) {
                case UINT16 -> copyShorts(2 * from, out, offset, count);
                case UINT32 -> copyInts(from, out, offset, count);
            }
        } catch (InternalError e) { // as Java says it when there is no such page any more
            checkWhole(e);
            throw e;
        }
    }

    private void checkWhole(InternalError problem) {
        if (file.toFile().length() < bytes.byteSize()) {
            throw new InvalidInput(
                    "%s: was cut from %,d to %,d bytes while it was read"
                            .formatted(file, bytes.byteSize(), file.toFile().length()),
                    problem);
        }
    }

    private void copyShorts(long start, int[] out, int offset, int count) {
        for (int i = 0; i < count; i++) {
            out[offset + i] = bytes.get(UINT16, start + 2L * i) & 0xFFFF;
        }
    }

    private void copyInts(long from, int[] out, int offset, int count) {
        MemorySegment.copy(bytes, UINT32, 4 * from, out, offset, count);
        for (int i = offset; i < offset + count; i++) {
            if (out[i] < 0) {
                throw new InvalidInput(
                        "%s: token %d is %d; is the file of another dtype?"
                                .formatted(
                                        file, from + i - offset, Integer.toUnsignedLong(out[i])));
            }
        }
    }
}
