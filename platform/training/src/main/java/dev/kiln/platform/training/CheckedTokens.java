package dev.kiln.platform.training;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.Tokens;

/**
 * Tokens that were made elsewhere, checked against the vocabulary as they are read: they may be more
 * than anyone wants to read beforehand.
 *
 * @param where what the message begins with
 */
record CheckedTokens(Tokens tokens, int vocabulary, String where) implements Tokens {

    @Override
    public long size() {
        return tokens.size();
    }

    /**
     * @throws InvalidInput when an id is not in the vocabulary
     */
    @Override
    public void copy(long from, int[] out, int offset, int count) {
        tokens.copy(from, out, offset, count);
        for (int i = offset; i < offset + count; i++) {
            if (out[i] < 0 || out[i] >= vocabulary) {
                throw new InvalidInput(
                        "%sthe data has token %,d, but the tokenizer's vocabulary ends at %,d"
                                .formatted(where, out[i], vocabulary - 1));
            }
        }
    }
}
