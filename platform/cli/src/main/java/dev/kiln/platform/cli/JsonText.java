package dev.kiln.platform.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** JSON on its way to standard output, as UTF-8 on one line. Numbers are not boxed. */
final class JsonText {
    private byte[] bytes = new byte[1 << 16];
    private int length;

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Forgets what was written. */
    void clear() {
        length = 0;
    }

    /** What is JSON already, in ASCII. */
    JsonText raw(String ascii) {
        reserve(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            bytes[length++] = (byte) ascii.charAt(i);
        }
        return this;
    }

    /** What is to be written as it is. */
    JsonText raw(byte[] text) {
        reserve(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    /** A list of numbers. */
    JsonText numbers(int... values) {
        raw("[");
        for (int i = 0; i < values.length; i++) {
            raw(i == 0 ? "" : ",");
            number(values[i]);
        }
        return raw("]");
    }

    private void number(int value) {
        if (value < 0) {
            raw(Integer.toString(value));
            return;
        }
        int digits = 1;
        for (long power = 10; power <= value; power *= 10) {
            digits++;
        }
        reserve(digits);
        length += digits;
        int rest = value;
        for (int i = 1; i <= digits; i++) {
            bytes[length - i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** A text. */
    JsonText string(String text) {
        return string(text.getBytes(StandardCharsets.UTF_8));
    }

    private JsonText string(byte[] utf8) {
        raw("\"");
        for (byte b : utf8) {
            if (b == '"' || b == '\\') {
                raw("\\");
            }
            if (b >= 0 && b < ' ') {
                raw(escape(b));
            } else {
                reserve(1);
                bytes[length++] = b;
            }
        }
        return raw("\"");
    }

    private static String escape(byte control) {
        return switch (control) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> "\\u00" + HexFormat.of().toHexDigits(control);
        };
    }

    /** A map, a list, a number, true or false; anything else as its text. */
    JsonText value(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    raw(separator).string(entry.getKey().toString()).raw(":");
                    value(entry.getValue());
                    separator = ",";
                }
                yield raw(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (Object item : list) {
                    raw(separator).value(item);
                    separator = ",";
                }
                yield raw(list.isEmpty() ? "[]" : "]");
            }
            case Number number -> raw(number.toString());
            case Boolean truth -> raw(truth.toString());
            default -> string(value.toString());
        };
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.multiplyExact(2, length)));
        }
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
