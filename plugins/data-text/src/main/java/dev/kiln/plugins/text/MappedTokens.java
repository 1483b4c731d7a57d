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
import java.util.Locale;
import java.util.Objects;

/** Token ids mapped from a file; unmapped when nothing refers to them. Thread-safe. */
final class MappedTokens implements Tokens {
    private static final ValueLayout.OfShort UINT16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt UINT32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final TokenFileFormat format;
    private final MemorySegment ids;

    private MappedTokens(Path file, TokenFileFormat format, MemorySegment bytes) {
        this.file = file;
        this.format = format;
        this.ids = bytes.asSlice(format.header());
    }

    /**
     * @param option the name of the option that gave the path, for messages
     * @param type of the ids, where the file does not say it
     * @throws InvalidInput when the file is missing or empty, of another format, not a whole number
     *     of ids, or of wider ids
     */
    static MappedTokens open(String option, Path file, TokenType type) {
        if (!Files.isRegularFile(file)) {
            String nearest =
                    Neighbours.nearest(file)
                            .map(name -> " (did you mean " + name + "?)")
                            .orElse("");
            throw new InvalidInput(option + ": no such file: " + file + nearest);
        }
        try (FileChannel channel = FileChannel.open(file)) {
            MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
            TokenFileFormat format = TokenFileFormat.of(file, bytes, type);
            MappedTokens tokens = new MappedTokens(file, format, bytes);
            format.type().requireNoWider(file, tokens);
            return tokens;
        } catch (IOException e) {
            throw CorpusFile.unreadable(file, e);
        }
    }

    @Override
    public long size() {
        return ids.byteSize() / format.type().bytes();
    }

    @Override
    public void copy(long from, int[] out, int offset, int count) {
        Objects.checkFromIndexSize(from, count, size());
        Objects.checkFromIndexSize(offset, count, out.length);
        try {
            switch (format.type()) {
                case UINT16 -> copyShorts(2 * from, out, offset, count);
                case UINT32 -> copyInts(from, out, offset, count);
            }
        } catch (InternalError e) { // as Java says it when there is no such page any more
            checkWhole(e);
            throw e;
        }
    }

    private void checkWhole(InternalError problem) {
        long size = format.header() + ids.byteSize();
        long left = file.toFile().length();
        if (left < size) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: was cut from %,d to %,d bytes while it was read",
                            file,
                            size,
                            left),
                    problem);
        }
    }

    private void copyShorts(long start, int[] out, int offset, int count) {
        for (int i = 0; i < count; i++) {
            out[offset + i] = ids.get(UINT16, start + 2L * i) & 0xFFFF;
        }
    }

    private void copyInts(long from, int[] out, int offset, int count) {
        MemorySegment.copy(ids, UINT32, 4 * from, out, offset, count);
        for (int i = offset; i < offset + count; i++) {
            if (out[i] < 0) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s has the id %,d; is the file of another dtype?",
                                place(from + i - offset),
                                Integer.toUnsignedLong(out[i])));
            }
        }
    }

    @Override
    public String place(long index) {
        long at = format.header() + index * format.type().bytes();
        return String.format(Locale.ROOT, "%s: token %,d (at byte %,d)", file, index, at);
    }
}
