package dev.kiln.plugins.bpe;

/**
 * GPT-2's split of text into words, inside which merges stay: a hand-written matcher of
 *
 * <pre>{@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}</pre>
 *
 * with {@code \s} as Unicode's White_Space, on UTF-8, in linear time and without a stack. Letters,
 * numbers and so on are those of the running JDK's Unicode version; JDK 25 and tiktoken 0.14 agree
 * on every code point (Unicode 16).
 */
final class WordSplit {
    private static final byte SPACE = 0;
    private static final byte LETTER = 1;
    private static final byte NUMBER = 2;
    private static final byte OTHER = 3;

    /** The kinds of the code points below {@code 0x10000}. */
    private static final byte[] BASIC = new byte[0x10000];

    static {
        for (int c = 0; c < BASIC.length; c++) {
            BASIC[c] = classify(c);
        }
    }

    private WordSplit() {}

    /**
     * Where the word that begins at {@code from} ends; more than {@code from}.
     *
     * @param text UTF-8 up to {@code limit}, where the text ends
     */
    static int end(byte[] text, int from, int limit) {
        byte first = text[from];
        if (first == '\'') {
            int contraction = contraction(text, from + 1, limit);
            if (contraction > 0) {
                return from + 1 + contraction;
            }
        }
        int start = first == ' ' && from + 1 < limit ? from + 1 : from;
        byte kind = kind(Utf8.codePoint(text, start));
        return kind == SPACE ? spacesEnd(text, from, limit) : runEnd(text, start, limit, kind);
    }

    /** Length of what follows the apostrophe in 's, 't, 're, 've, 'm, 'll, 'd; 0 if nothing does. */
    private static int contraction(byte[] text, int at, int limit) {
        if (at == limit) {
            return 0;
        }
        byte next = at + 1 < limit ? text[at + 1] : 0;
        return switch (text[at]) {
            case 's', 't', 'm', 'd' -> 1;
            case 'r', 'v' -> next == 'e' ? 2 : 0;
            case 'l' -> next == 'l' ? 2 : 0;
            default -> 0;
        };
    }

    /** The last space before a word is left to that word, unless it is the only one. */
    private static int spacesEnd(byte[] text, int from, int limit) {
        int end = from;
        int last = from;
        while (end < limit) {
            int symbol = Utf8.codePoint(text, end);
            if (kind(symbol) != SPACE) {
                return last == from ? end : last;
            }
            last = end;
            end += Utf8.length(symbol);
        }
        return end;
    }

    private static int runEnd(byte[] text, int start, int limit, byte kind) {
        int end = start;
        while (end < limit) {
            byte lead = text[end];
            if (lead >= 0) {
                if (BASIC[lead] != kind) {
                    break;
                }
                end++;
            } else {
                int symbol = Utf8.codePoint(text, end);
                if (kind(symbol) != kind) {
                    break;
                }
                end += Utf8.length(symbol);
            }
        }
        return end;
    }

    private static byte kind(int symbol) {
        return symbol < BASIC.length ? BASIC[symbol] : classify(symbol);
    }

    private static byte classify(int symbol) {
        if (isWhiteSpace(symbol)) {
            return SPACE;
        }
        return switch (Character.getType(symbol)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER ->
                    LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
                    NUMBER;
            default -> OTHER;
        };
    }

    /** Unicode's White_Space property, which no method of Character has. */
    static boolean isWhiteSpace(int symbol) {
        return symbol >= '\t' && symbol <= '\r' || symbol == 0x85 || Character.isSpaceChar(symbol);
    }
}
