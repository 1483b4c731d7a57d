package dev.kiln.plugins.chars;

import dev.kiln.spi.InvalidInput;
import java.util.BitSet;
import java.util.Locale;

/** A set of Unicode code points in the making. Used by one thread. */
final class Symbols {
    private final BitSet found = new BitSet();

    /**
     * @throws InvalidInput when the text has an unpaired surrogate, which no UTF-8 file can hold
     */
    void add(String text) {
        for (int at = 0; at < text.length(); ) {
            int symbol = text.codePointAt(at);
            if (isSurrogate(symbol)) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "character %d of a training text is %s, an unpaired surrogate",
                                text.codePointCount(0, at) + 1,
                                named(symbol)));
            }
            found.set(symbol);
            at += Character.charCount(symbol);
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** In ascending order. */
    int[] toArray() {
        return found.stream().toArray();
    }

    /** A symbol as an error message shows it: {@code 'é' (U+00E9)}. */
    static String named(int symbol) {
        String code = String.format(Locale.ROOT, "U+%04X", symbol);
        boolean visible = !Character.isISOControl(symbol) && !isSurrogate(symbol);
        return visible
                ? String.format(Locale.ROOT, "'%s' (%s)", Character.toString(symbol), code)
                : code;
    }

    private static boolean isSurrogate(int symbol) {
        return Character.getType(symbol) == Character.SURROGATE;
    }
}
