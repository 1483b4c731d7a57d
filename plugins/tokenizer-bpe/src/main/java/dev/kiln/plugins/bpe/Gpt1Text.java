package dev.kiln.plugins.bpe;

import java.util.Arrays;

/**
 * GPT-1's text standardisation, in the form that transformers' {@code OpenAIGPTTokenizer} gives it:
 * that of BERT, lower-casing. Control characters go, white space becomes a space, a Chinese
 * character stands alone, accents go (canonical decomposition without nonspacing marks), and all is
 * in lower case. OpenAI's own code repaired text with ftfy and split it with spaCy, which gives
 * other words for some texts. Used by one thread.
 */
final class Gpt1Text {
    /** Unicode's Hangul syllables, and where their parts begin (section 3.12). */
    private static final int SYLLABLES = 0xAC00;

    private static final int SYLLABLE_COUNT = 11_172;
    private static final int LEADS = 0x1100;
    private static final int VOWELS = 0x1161;
    private static final int TAILS = 0x11A7;
    private static final int TAIL_COUNT = 28;
    private static final int VOWEL_COUNT = 21;

    private final Gpt1Characters characters = Gpt1Characters.instance();
    private int[] symbols;
    private int size;

    /** Where the marks begin that are in the order of their combining classes. */
    private int marks;

    private Gpt1Text(int capacity) {
        symbols = new int[capacity + 16];
    }

    /** The standardised form of a text, as code points, with spaces between some words. */
    static int[] standardize(String text) {
        Gpt1Text standard = new Gpt1Text(text.length());
        for (int i = 0; i < text.length(); ) {
            int symbol = text.codePointAt(i);
            standard.add(symbol);
            i += Character.charCount(symbol);
        }
        return Arrays.copyOf(standard.symbols, standard.size);
    }

    /** The standardised form of an added token that is looked for in such text; others as they are. */
    static AddedToken standardize(AddedToken token) {
        int[] standard = standardize(token.content());
        return token.is(AddedToken.Flag.NORMALIZED)
                ? token.as(new String(standard, 0, standard.length))
                : token;
    }

    /** Where the word ends that begins at a place where no space is; punctuation is a word. */
    static int wordEnd(int[] symbols, int from) {
        Gpt1Characters characters = Gpt1Characters.instance();
        int end = from;
        while (end < symbols.length && symbols[end] != ' ') {
            if (characters.isPunctuation(symbols[end])) {
                return end == from ? end + 1 : end;
            }
            end++;
        }
        return end;
    }

    private void add(int symbol) {
        if (characters.isDropped(symbol)) {
            return;
        }
        if (characters.isStop(symbol)) {
            marks = size;
        } else if (symbol >= SYLLABLES && symbol < SYLLABLES + SYLLABLE_COUNT) {
            addSyllable(symbol - SYLLABLES);
        } else if (characters.isIsolated(symbol)) {
            append(' ');
            addMapped(symbol);
            append(' ');
        } else {
            addMapped(symbol);
        }
    }

    private void addSyllable(int index) {
        append(LEADS + index / (VOWEL_COUNT * TAIL_COUNT));
        append(VOWELS + index / TAIL_COUNT % VOWEL_COUNT);
        if (index % TAIL_COUNT != 0) {
            append(TAILS + index % TAIL_COUNT);
        }
    }

    private void addMapped(int symbol) {
        for (int to : characters.become(symbol)) {
            append(to);
        }
    }

    /** Appends a code point; a mark goes before those of higher combining classes. */
    private void append(int symbol) {
        if (size == symbols.length) {
            symbols = Arrays.copyOf(symbols, 2 * size);
        }
        int order = characters.order(symbol);
        int at = size++;
        if (order == 0) {
            marks = size;
        } else {
            while (at > marks && characters.order(symbols[at - 1]) > order) {
                symbols[at] = symbols[at - 1];
                at--;
            }
        }
        symbols[at] = symbol;
    }
}
