package dev.kiln.platform.config;

import java.util.stream.IntStream;

/**
 * YAML whose {@code ${…}} a parser takes for words: its braces and colons would mean something else.
 * Each ASCII character of them stands as one of Unicode's private use, so that all others keep their
 * lines and columns.
 *
 * @param first what stands for character 0
 */
record MaskedYaml(String text, int first) {
    private static final int FIRST_PRIVATE = 0xE000;
    private static final int LAST_PRIVATE = 0xF8FF;
    private static final int ASCII = 128;

    static MaskedYaml of(String yaml) {
        int first = unused(yaml);
        return new MaskedYaml(
                Variables.replace(yaml, found -> shift(found.group(), 0, first)), first);
    }

    /** Of the characters of private use, some that the text does not use itself. */
    private static int unused(String yaml) {
        return IntStream.iterate(
                        FIRST_PRIVATE, first -> first + ASCII <= LAST_PRIVATE, f -> f + ASCII)
                .filter(first -> yaml.chars().noneMatch(c -> c >= first && c < first + ASCII))
                .findFirst()
                .orElse(FIRST_PRIVATE);
    }

    /** A value, key or message as it was before. */
    String unmask(String masked) {
        return shift(masked, first, 0);
    }

    private static String shift(String text, int from, int to) {
        char[] characters = text.toCharArray();
        for (int i = 0; i < characters.length; i++) {
            int c = characters[i];
            characters[i] = (char) (c >= from && c < from + ASCII ? c - from + to : c);
        }
        return new String(characters);
    }
}
