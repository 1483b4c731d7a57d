package dev.kiln.platform.cli;

import dev.kiln.spi.InvalidInput;
import java.util.Arrays;
import java.util.Locale;

/**
 * Token ids as users write them: numbers with spaces, commas or line ends between them, a JSON list
 * of numbers, or a JSON object with such a list under {@code ids}, as {@code kiln tokenize} prints.
 * Reads bytes, one pass, no boxing.
 */
final class TokenIds {
    private static final byte[] KEY = {'i', 'd', 's'};

    private final byte[] text;
    private final String source;
    private int at;
    private int[] ids = new int[64];
    private int count;

    private TokenIds(byte[] text, String source) {
        this.text = text;
        this.source = source;
    }

    /**
     * @param source what messages call the text
     * @throws InvalidInput when it is none of the three; says at which byte
     */
    static int[] parse(byte[] text, String source) {
        TokenIds reader = new TokenIds(text, source);
        reader.skipSpace();
        switch (reader.peek()) {
            case '{' -> reader.object();
            case '[' -> reader.list();
            default -> reader.numbers();
        }
        reader.skipSpace();
        if (reader.at < text.length) {
            throw reader.unexpected("the end");
        }
        return Arrays.copyOf(reader.ids, reader.count);
    }

    private void object() {
        boolean found = false;
        at++;
        skipSpace();
        while (peek() != '}') {
            boolean isIds = Arrays.equals(string(), KEY);
            expect(':', "':'");
            if (isIds && !found && peek() == '[') {
                list();
                found = true;
            } else if (isIds) {
                throw unexpected(found ? "\"ids\" once" : "a list of ids");
            } else {
                skipValue();
            }
            skipSpace();
            if (peek() != '}') {
                expect(',', "',' or '}'");
            }
        }
        if (!found) {
            throw unexpected("\"ids\"");
        }
        at++;
    }

    private void list() {
        at++;
        skipSpace();
        while (peek() != ']') {
            number();
            skipSpace();
            if (peek() != ']') {
                expect(',', "',' or ']'");
            }
        }
        at++;
    }

    private void numbers() {
        while (at < text.length) {
            number();
            skipSpace();
            if (peek() == ',') {
                expect(',', "','");
            }
        }
    }

    private void number() {
        int start = at;
        long value = 0;
        while (peek() >= '0' && peek() <= '9' && value <= Integer.MAX_VALUE) {
            value = 10 * value + text[at++] - '0';
        }
        if (at == start || value > Integer.MAX_VALUE) {
            at = start;
            throw unexpected("an id, a whole number from 0 on");
        }
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, 2 * count);
        }
        ids[count++] = (int) value;
    }

    /** The bytes between the quotes, escapes not resolved. */
    private byte[] string() {
        if (peek() != '"') {
            throw unexpected("a text in quotes");
        }
        int start = ++at;
        while (peek() != '"') {
            if (at >= text.length) {
                throw unexpected("'\"'");
            }
            at += text[at] == '\\' ? 2 : 1;
        }
        return Arrays.copyOfRange(text, start, at++);
    }

    /** Any JSON value, told by its brackets and quotes only. */
    private void skipValue() {
        int depth = 0;
        while (depth > 0 || (peek() != ',' && peek() != '}')) {
            switch (peek()) {
                case '"' -> string();
                case '[', '{' -> {
                    depth++;
                    at++;
                }
                case ']', '}' -> {
                    depth--;
                    at++;
                }
                case -1 -> throw unexpected("'}'");
                default -> at++;
            }
        }
    }

    private void expect(char wanted, String words) {
        skipSpace();
        if (peek() != wanted) {
            throw unexpected(words);
        }
        at++;
        skipSpace();
    }

    private void skipSpace() {
        while (at < text.length && (text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r'))) {
            at++;
        }
    }

    /** The byte that is next, -1 at the end. */
    private int peek() {
        return at < text.length ? text[at] & 0xff : -1;
    }

    private InvalidInput unexpected(String expected) {
        int next = peek();
        String found =
                next < 0
                        ? "the end"
                        : next > ' ' && next < 0x7f
                                ? "'" + (char) next + "'"
                                : String.format(Locale.ROOT, "the byte 0x%02x", next);
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s: expected %s at byte %d, found %s",
                        source,
                        expected,
                        at,
                        found));
    }
}
