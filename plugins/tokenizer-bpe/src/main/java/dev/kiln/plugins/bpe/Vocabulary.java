package dev.kiln.plugins.bpe;

import dev.kiln.spi.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * What each id stands for. Immutable and thread-safe.
 *
 * <p>A token is a symbol, or what a merge makes, or an added token that stands for text. All others
 * are special: no text is encoded as one, and they decode to nothing. {@value Kind#END_OF_TEXT} is
 * the one that ends a document.
 */
final class Vocabulary {
    private static final byte[] NOTHING = {};

    private final BpeTables tables;
    private final byte[][] bytes;
    private final int[] idOfByte;
    private final OptionalInt endOfText;

    private Vocabulary(BpeTables tables, byte[][] bytes, int[] idOfByte, OptionalInt endOfText) {
        this.tables = tables;
        this.bytes = bytes;
        this.idOfByte = idOfByte;
        this.endOfText = endOfText;
    }

    /**
     * A vocabulary whose symbols are the bytes, spelled in GPT-2's {@link ByteAlphabet}.
     *
     * @throws IllegalArgumentException when a byte is missing, or a merge's token is not spelled so
     */
    static Vocabulary bytes(BpeTables tables) {
        List<String> spellings = tables.spellings();
        BitSet made = made(tables.merges(), spellings.size());
        byte[][] bytes = new byte[spellings.size()][];
        int[] idOfByte = new int[ByteAlphabet.SIZE];
        Arrays.fill(idOfByte, -1);
        for (int id = 0; id < bytes.length; id++) {
            bytes[id] = spelled(spellings.get(id), made.get(id));
            if (bytes[id].length == 1) {
                idOfByte[bytes[id][0] & 0xFF] = id;
            }
        }
        requireAllBytes(idOfByte);
        return new Vocabulary(tables, withAdded(bytes, tables), idOfByte, endOfText(tables, bytes));
    }

    /** A vocabulary whose symbols are characters, with a mark at the end of a word. */
    static Vocabulary words(BpeTables tables) {
        List<String> spellings = tables.spellings();
        BitSet made = made(tables.merges(), spellings.size());
        byte[][] bytes = new byte[spellings.size()][];
        for (int id = 0; id < bytes.length; id++) {
            String spelling = spellings.get(id);
            bytes[id] =
                    made.get(id) || WordSymbols.isSymbol(spelling)
                            ? spelling.replace(Kind.END_OF_WORD_MARK, " ")
                                    .getBytes(StandardCharsets.UTF_8)
                            : NOTHING;
        }
        return new Vocabulary(tables, bytes, new int[0], endOfText(tables, bytes));
    }

    private static BitSet made(Merges merges, int size) {
        BitSet made = new BitSet(size);
        merges.ranked().forEach(merge -> made.set(merge.merged()));
        return made;
    }

    private static byte[] spelled(String spelling, boolean made) {
        boolean spelled = ByteAlphabet.spells(spelling);
        if (made && !spelled) {
            throw new IllegalArgumentException("not spelled in GPT-2's byte alphabet: " + spelling);
        }
        boolean plain = made || spelled && spelling.length() == 1;
        return plain ? ByteAlphabet.bytes(spelling) : NOTHING;
    }

    private static void requireAllBytes(int[] idOfByte) {
        for (int value = 0; value < idOfByte.length; value++) {
            if (idOfByte[value] < 0) {
                throw new IllegalArgumentException(
                        "no token for the byte %d, spelled %s"
                                .formatted(value, ByteAlphabet.spell((byte) value)));
            }
        }
    }

    private static byte[][] withAdded(byte[][] bytes, BpeTables tables) {
        for (AddedToken token : tables.added()) {
            if (!token.special()) {
                bytes[token.id()] = Utf8.bytes(token.content());
            }
        }
        return bytes;
    }

    private static OptionalInt endOfText(BpeTables tables, byte[][] bytes) {
        int id = tables.spellings().indexOf(Kind.END_OF_TEXT);
        return id >= 0 && bytes[id].length == 0 ? OptionalInt.of(id) : OptionalInt.empty();
    }

    int size() {
        return bytes.length;
    }

    BpeTables tables() {
        return tables;
    }

    /** What an id in [0, size) stands for, not to be written to; nothing for a special token. */
    byte[] bytes(int id) {
        return bytes[id];
    }

    /** The id of a byte, where the symbols are bytes. */
    int idOf(byte value) {
        return idOfByte[value & 0xFF];
    }

    OptionalInt endOfText() {
        return endOfText;
    }

    /**
     * What ids stand for, one after the other.
     *
     * @throws InvalidInput when an id is out of range
     */
    byte[] decode(int... ids) {
        int length = 0;
        for (int id : ids) {
            if (id < 0 || id >= size()) {
                throw new InvalidInput(
                        "expected token ids in [0, %d), got %d".formatted(size(), id));
            }
            length = Math.addExact(length, bytes[id].length);
        }
        byte[] text = new byte[length];
        int at = 0;
        for (int id : ids) {
            System.arraycopy(bytes[id], 0, text, at, bytes[id].length);
            at += bytes[id].length;
        }
        return text;
    }
}
