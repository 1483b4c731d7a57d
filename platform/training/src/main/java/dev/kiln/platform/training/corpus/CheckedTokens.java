package dev.kiln.platform.training.corpus;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.Tokens;
import java.util.Locale;

/**
 * Tokens that were made elsewhere, each in the vocabulary. All are read once, as fast as the file is
 * read; and each again when it is used, since a file may change.
 *
 * @param where what the message begins with
 */
record CheckedTokens(Tokens tokens, int vocabulary, String where) implements Tokens {
    private static final int AT_A_TIME = 1 << 14;

    /**
     * Reads all of them.
     *
     * @throws InvalidInput when an id is not in the vocabulary
     */
    static CheckedTokens read(Tokens tokens, int vocabulary, String where) {
        CheckedTokens checked = new CheckedTokens(tokens, vocabulary, where);
        int[] ids = new int[AT_A_TIME];
        for (long from = 0; from < tokens.size(); from += ids.length) {
            checked.copy(from, ids, 0, (int) Math.min(ids.length, tokens.size() - from));
        }
        return checked;
    }

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
        int low = 0;
        int high = 0;
        for (int i = offset; i < offset + count; i++) {
            low = Math.min(low, out[i]);
            high = Math.max(high, out[i]);
        }
        if (low < 0 || high >= vocabulary) {
            throw beyond(from, out, offset);
        }
    }

    private InvalidInput beyond(long from, int[] out, int offset) {
        int at = offset;
        while (out[at] >= 0 && out[at] < vocabulary) {
            at++;
        }
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s%s has the id %,d, but the tokenizer's vocabulary ends at %,d; was the"
                                + " file made with another tokenizer, or another dtype?",
                        where,
                        place(from + at - offset),
                        out[at],
                        vocabulary - 1));
    }

    @Override
    public String place(long index) {
        return tokens.place(index);
    }
}
