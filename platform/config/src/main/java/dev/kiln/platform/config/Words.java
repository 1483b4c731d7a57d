package dev.kiln.platform.config;

import dev.kiln.spi.Spelling;
import java.util.Collection;
import java.util.Optional;

/** Words in error messages: quoted so that they stay on the line, and those that were meant. */
final class Words {
    private static final int LONGEST_QUOTE = 60;
    private static final int FEW = 12;

    private Words() {}

    /** The text in quotes, on one line, shortened when it is long. */
    static String quote(String text) {
        StringBuilder line = new StringBuilder("'");
        text.codePoints()
                .limit(LONGEST_QUOTE)
                .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
                .forEach(line::appendCodePoint);
        return line.append(text.length() > LONGEST_QUOTE ? "…'" : "'").toString();
    }

    /** What to add to the message about an unknown word: the nearest valid one, or all if few. */
    static String hint(String word, Collection<String> valid) {
        Optional<String> nearest = Spelling.nearest(word, valid);
        if (nearest.isPresent()) {
            return "; did you mean " + quote(nearest.get()) + "?";
        }
        if (valid.isEmpty()) {
            return "; there are none";
        }
        return valid.size() <= FEW
                ? "; there are: " + String.join(", ", valid)
                : "; 'kiln plugins' lists what there is";
    }
}
