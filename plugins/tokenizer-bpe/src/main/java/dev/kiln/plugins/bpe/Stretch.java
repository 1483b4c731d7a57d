package dev.kiln.plugins.bpe;

/**
 * Some of a text, in which added tokens are looked for.
 *
 * @param text UTF-8 between the two places
 */
record Stretch(byte[] text, int from, int to) {

    /** Where the whitespace before a place begins, not before {@code earliest}. */
    int spacesBefore(int place, int earliest) {
        int at = place;
        while (at > earliest && WordSplit.isWhiteSpace(symbolBefore(at))) {
            at -= Utf8.length(symbolBefore(at));
        }
        return at;
    }

    /** Where the whitespace after a place ends. */
    int spacesAfter(int place) {
        int at = place;
        while (at < to && WordSplit.isWhiteSpace(Utf8.codePoint(text, at))) {
            at += Utf8.length(Utf8.codePoint(text, at));
        }
        return at;
    }

    /** Whether nothing of a word is next to a part, on either side. */
    boolean isWordOfItsOwn(int start, int end) {
        boolean free = start == from || !isOfAWord(symbolBefore(start));
        return free && (end == to || !isOfAWord(Utf8.codePoint(text, end)));
    }

    private int symbolBefore(int place) {
        int at = place - 1;
        while ((text[at] & 0xC0) == 0x80) {
            at--;
        }
        return Utf8.codePoint(text, at);
    }

    /** What {@code \w} is in Unicode's regular expressions (UTS 18, annex C). */
    private static boolean isOfAWord(int symbol) {
        return switch (Character.getType(symbol)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.CONNECTOR_PUNCTUATION ->
                    true;
            default -> Character.isAlphabetic(symbol) || symbol == 0x200C || symbol == 0x200D;
        };
    }
}
