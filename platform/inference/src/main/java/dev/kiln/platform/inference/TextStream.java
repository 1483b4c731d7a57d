package dev.kiln.platform.inference;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Turns the bytes of tokens into text as they come. Holds back what may still become part of a
 * character or of a stop text.
 */
final class TextStream {
    private final List<String> stop;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final StringBuilder text = new StringBuilder();
    private int given;
    private boolean stopped;

    TextStream(List<String> stop) {
        this.stop = stop;
    }

    /** Takes the bytes of a token and returns the text that is certain by now. */
    String add(byte[] token) {
        bytes.writeBytes(token);
        byte[] pending = bytes.toByteArray();
        int whole = wholeCharacters(pending);
        text.append(new String(pending, 0, whole, StandardCharsets.UTF_8));
        bytes.reset();
        bytes.write(pending, whole, pending.length - whole);
        cutAtStop();
        return upTo(stopped ? text.length() : text.length() - heldBack());
    }

    /** The rest, when no more tokens come. */
    String end() {
        if (!stopped) {
            text.append(bytes.toString(StandardCharsets.UTF_8));
            bytes.reset();
        }
        return upTo(text.length());
    }

    boolean stopped() {
        return stopped;
    }

    String text() {
        return text.toString();
    }

    private String upTo(int end) {
        String certain = text.substring(given, Math.max(given, end));
        given += certain.length();
        return certain;
    }

    private void cutAtStop() {
        for (String ending : stop) {
            int at = text.indexOf(ending, Math.max(0, given - ending.length()));
            if (at >= 0) {
                text.setLength(at);
                stopped = true;
            }
        }
    }

    /** Length of the longest end of the text that begins a stop text. */
    private int heldBack() {
        int longest = 0;
        for (String ending : stop) {
            for (int n = Math.min(ending.length() - 1, text.length()); n > longest; n--) {
                if (ending.startsWith(text.substring(text.length() - n))) {
                    longest = n;
                }
            }
        }
        return longest;
    }

    /** Number of bytes before a character of UTF-8 that has begun and is not complete. */
    private static int wholeCharacters(byte[] utf8) {
        for (int back = 1; back <= Math.min(3, utf8.length); back++) {
            int lead = utf8[utf8.length - back] & 0xff;
            if (lead >= 0xc2 && lead < 0xf5) {
                int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
                return length > back ? utf8.length - back : utf8.length;
            }
            if (lead < 0x80) {
                return utf8.length;
            }
        }
        return utf8.length;
    }
}
