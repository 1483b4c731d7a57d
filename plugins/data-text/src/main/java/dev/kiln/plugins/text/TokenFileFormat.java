package dev.kiln.plugins.text;

import dev.kiln.spi.InvalidInput;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How a token file is written: raw ids as by nanoGPT, or behind the header of llm.c's {@code
 * dev/data/data_common.py}, 256 int32: a magic number that tells the ids' type, a version, the
 * number of tokens.
 *
 * @param header bytes before the first id
 */
record TokenFileFormat(int header, TokenType type) {
    private static final ValueLayout.OfInt INT32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int LLMC_HEADER = 256 * Integer.BYTES;
    private static final int LLMC_GPT2 = 20240520;
    private static final int LLMC_LLAMA3 = 20240801;
    private static final int LLMC_QUESTIONS = 20240522;

    /**
     * @param type of the ids, where the file does not say it
     * @throws InvalidInput when the file is of another format, or not a whole number of ids
     */
    static TokenFileFormat of(Path file, MemorySegment bytes, TokenType type) {
        ForeignFile.of(bytes)
                .ifPresent(
                        foreign -> {
                            throw new InvalidInput(
                                    file + ": is " + foreign.description() + "; " + advice(type));
                        });
        int magic = bytes.byteSize() < LLMC_HEADER ? 0 : bytes.get(INT32, 0);
        return switch (magic) {
            case LLMC_GPT2 -> llmc(file, bytes, 1, TokenType.UINT16);
            case LLMC_LLAMA3 -> llmc(file, bytes, 7, TokenType.UINT32);
            case LLMC_QUESTIONS ->
                    throw new InvalidInput(
                            file
                                    + ": holds llm.c's multiple-choice questions, not a text's tokens");
            default -> raw(file, bytes.byteSize(), type);
        };
    }

    private static TokenFileFormat raw(Path file, long size, TokenType type) {
        if (size == 0 || size % type.bytes() != 0) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: expected token ids of %d bytes (%s), got a file of %,d bytes; %s",
                            file,
                            type.bytes(),
                            type,
                            size,
                            advice(type)));
        }
        return new TokenFileFormat(0, type);
    }

    private static TokenFileFormat llmc(
            Path file, MemorySegment bytes, int version, TokenType type) {
        int found = bytes.get(INT32, Integer.BYTES);
        if (found != version) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: expected version %d of llm.c's header for %s, got %d",
                            file,
                            version,
                            type,
                            found));
        }
        long count = Integer.toUnsignedLong(bytes.get(INT32, 2L * Integer.BYTES));
        long expected = LLMC_HEADER + count * type.bytes();
        if (count == 0 || bytes.byteSize() != expected) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: llm.c's header says %,d tokens of %d bytes, which makes a file of"
                                    + " %,d bytes; it has %,d",
                            file,
                            count,
                            type.bytes(),
                            expected,
                            bytes.byteSize()));
        }
        return new TokenFileFormat(LLMC_HEADER, type);
    }

    private static String advice(TokenType type) {
        return "write the raw ids with NumPy's ids.astype(np." + type + ").tofile(\"FILE\")";
    }
}
