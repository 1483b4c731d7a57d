package dev.kiln.plugins.text;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.Tokens;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;

/** How a file writes a token id: unsigned, the low byte first. */
public enum TokenType {
    /** Two bytes, as nanoGPT writes GPT-2's ids. */
    UINT16(2),
    /** Four bytes, for vocabularies of more than 65,536 tokens. */
    UINT32(4);

    /** With fewer ids it may be chance. */
    private static final int FEWEST = 64;

    private static final int LOOKED_AT = 4096;

    private final int bytes;

    TokenType(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    /**
     * Checks that ids of this type were not written wider: then every other one is 0.
     *
     * @throws InvalidInput when they were
     */
    void requireNoWider(Path file, Tokens tokens) {
        if (tokens.size() < FEWEST) {
            return;
        }
        int count = (int) Math.min(LOOKED_AT, tokens.size());
        int[] ids = new int[count];
        tokens.copy(0, ids, 0, count);
        boolean others = IntStream.range(0, count / 2).allMatch(i -> ids[2 * i + 1] == 0);
        if (others && IntStream.of(ids).anyMatch(id -> id != 0)) {
            throw new InvalidInput(
                    file
                            + ": every other id is 0, as where wider ids are read as "
                            + this
                            + "; give their dtype, or write them with NumPy's ids.astype(np."
                            + this
                            + ").tofile(\"FILE\")");
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
