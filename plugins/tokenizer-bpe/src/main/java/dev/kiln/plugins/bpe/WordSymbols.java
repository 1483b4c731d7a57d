package dev.kiln.plugins.bpe;

import java.util.Arrays;
import java.util.List;

/**
 * The ids of GPT-1's symbols: a code point inside a word, or one that ends a word. Immutable and
 * thread-safe.
 */
final class WordSymbols {
    /** Symbols in order: twice the code point, and one more at the end of a word. */
    private final int[] symbols;

    private final int[] ids;
    private final int unknown;

    /**
     * @throws IllegalArgumentException when there is no unknown token
     */
    WordSymbols(List<String> spellings) {
        unknown = spellings.indexOf(Kind.UNKNOWN);
        if (unknown < 0) {
            throw new IllegalArgumentException("no token '" + Kind.UNKNOWN + "'");
        }
        long[] sorted = new long[spellings.size()];
        int count = 0;
        for (int id = 0; id < spellings.size(); id++) {
            String spelling = spellings.get(id);
            if (isSymbol(spelling)) {
                boolean ends = spelling.endsWith(Kind.END_OF_WORD_MARK);
                sorted[count++] = (long) key(spelling.codePointAt(0), ends) << 32 | id;
            }
        }
        Arrays.sort(sorted, 0, count);
        symbols = new int[count];
        ids = new int[count];
        for (int i = 0; i < count; i++) {
            symbols[i] = (int) (sorted[i] >>> 32);
            ids[i] = (int) sorted[i];
        }
    }

    private static int key(int symbol, boolean ends) {
        return 2 * symbol + (ends ? 1 : 0);
    }

    /** Whether a spelling is of one code point, with or without the mark at the end of a word. */
    static boolean isSymbol(String spelling) {
        String bare =
                spelling.endsWith(Kind.END_OF_WORD_MARK)
                        ? spelling.substring(0, spelling.length() - Kind.END_OF_WORD_MARK.length())
                        : spelling;
        return !bare.isEmpty() && bare.length() == Character.charCount(bare.codePointAt(0));
    }

    /** The id of a code point; that of the unknown token when the vocabulary lacks it. */
    int id(int symbol, boolean ends) {
        int place = Arrays.binarySearch(symbols, key(symbol, ends));
        return place < 0 ? unknown : ids[place];
    }
}
