package dev.kiln.plugins.bpe;

/**
 * GPT-2's split of text into words, inside which merges stay: a hand-written matcher of
 *
 * <pre>{@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}</pre>
 *
 * with {@code \s} as Unicode's White_Space, in linear time and without a stack. Letters, numbers and
 * so on are those of the running JDK's Unicode version; an unpaired surrogate is neither.
 */
final class WordSplit {
    private static final byte SPACE = 0;
    private static final byte LETTER = 1;
    private static final byte NUMBER = 2;
    private static final byte OTHER = 3;

    private static final byte[] ASCII = new byte[128];

    static {
        for (int c = 0; c < ASCII.length; c++) {
            ASCII[c] = classify(c);
        }
    }

    private WordSplit() {}

    /** Where the word that begins at {@code from} ends; more than {@code from}. */
    static int end(String text, int from) {
        char first = text.charAt(from);
        if (first == '\'') {
            int contraction = contraction(text, from + 1);
            if (contraction > 0) {
                return from + 1 + contraction;
            }
        }
        int start = first == ' ' && from + 1 < text.length() ? from + 1 : from;
        byte kind = kind(text.codePointAt(start));
        return kind == SPACE ? spacesEnd(text, from) : runEnd(text, start, kind);
    }

    /** Length of what follows the apostrophe in 's, 't, 're, 've, 'm, 'll, 'd; 0 if nothing does. */
    private static int contraction(String text, int at) {
        if (at == text.length()) {
            return 0;
        }
        return switch (text.charAt(at)) {
            case 's', 't', 'm', 'd' -> 1;
            case 'r', 'v' -> text.startsWith("e", at + 1) ? 2 : 0;
            case 'l' -> text.startsWith("l", at + 1) ? 2 : 0;
            default -> 0;
        };
    }

    /** The last space before a word is left to that word, unless it is the only one. */
    private static int spacesEnd(String text, int from) {
        int end = runEnd(text, from, SPACE);
        return end == text.length() || end == from + 1 ? end : end - 1;
    }

    private static int runEnd(String text, int start, byte kind) {
        int end = start;
        while (end < text.length()) {
            int symbol = text.codePointAt(end);
            if (kind(symbol) != kind) {
                break;
            }
            end += Character.charCount(symbol);
        }
        return end;
    }

    private static byte kind(int symbol) {
        return symbol < ASCII.length ? ASCII[symbol] : classify(symbol);
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
    private static boolean isWhiteSpace(int symbol) {
        return symbol >= '\t' && symbol <= '\r' || symbol == 0x85 || Character.isSpaceChar(symbol);
    }
}
