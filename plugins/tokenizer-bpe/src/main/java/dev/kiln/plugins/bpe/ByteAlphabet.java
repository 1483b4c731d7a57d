package dev.kiln.plugins.bpe;

import java.util.Arrays;

/**
 * GPT-2's printable spelling of bytes: a character for each of the 256. Bytes that are printable
 * Latin-1 (33–126, 161–172, 174–255) stand for themselves, the others, in order, are 256 and up; so
 * a space is written Ġ. GPT-2 numbers the bytes in the order of these characters. Source: GPT-2's
 * released encoder.
 */
final class ByteAlphabet {
    static final int SIZE = 256;

    private static final char[] CHARACTER_OF = new char[SIZE];
    private static final int[] BYTE_OF = new int[2 * SIZE];
    private static final int[] IN_ORDER = new int[SIZE];

    static {
        Arrays.fill(BYTE_OF, -1);
        int unprintable = SIZE;
        for (int value = 0; value < SIZE; value++) {
            CHARACTER_OF[value] = (char) (printable(value) ? value : unprintable++);
            BYTE_OF[CHARACTER_OF[value]] = value;
        }
        int place = 0;
        for (int value : BYTE_OF) {
            if (value >= 0) {
                IN_ORDER[place++] = value;
            }
        }
    }

    private ByteAlphabet() {}

    /** The byte, 0–255, that comes {@code place}-th (0–255) in GPT-2's vocabulary. */
    static int byteAt(int place) {
        return IN_ORDER[place];
    }

    /** The spelling of some bytes, one character each. */
    static String spell(byte... bytes) {
        char[] spelling = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            spelling[i] = CHARACTER_OF[bytes[i] & 0xFF];
        }
        return new String(spelling);
    }

    /** Whether a string is a spelling of bytes. */
    static boolean spells(String spelling) {
        return spelling.chars().allMatch(c -> c < BYTE_OF.length && BYTE_OF[c] >= 0);
    }

    /** The bytes of a spelling for which {@link #spells} holds. */
    static byte[] bytes(String spelling) {
        byte[] bytes = new byte[spelling.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) BYTE_OF[spelling.charAt(i)];
        }
        return bytes;
    }

    private static boolean printable(int value) {
        return value >= 33 && value <= 126 || value >= 161 && value != 173;
    }
}
