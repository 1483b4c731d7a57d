package dev.kiln.plugins.bpe;

import dev.kiln.plugins.bpe.AddedToken.Flag;
import dev.kiln.spi.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * What each id stands for. Immutable and thread-safe.
 *
 * <p>A token is a symbol, or what a merge makes, or an added token that stands for text. All others
 * stand for nothing, unless they are {@link #spelled}.
 */
final class Vocabulary {
    private static final byte[] NOTHING = {};

    private final BpeTables tables;
    private final byte[][] bytes;
    private final int[] idOfByte;

    private Vocabulary(BpeTables tables, byte[][] bytes, int[] idOfByte) {
        this.tables = tables;
        this.bytes = bytes;
        this.idOfByte = idOfByte;
    }

    /**
     * A vocabulary whose symbols are the bytes, spelled in GPT-2's {@link ByteAlphabet}.
     *
     * @throws IllegalArgumentException when a merge's token is not spelled so
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
        return new Vocabulary(tables, withAdded(bytes, tables), idOfByte);
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
        for (AddedToken token : tables.added()) {
            if (!token.is(Flag.SPECIAL)) {
                String spelling = Gpt1Text.standardize(token).content();
                bytes[token.id()] = Utf8.bytes(spelling.replace(Kind.END_OF_WORD_MARK, " "));
            }
        }
        return new Vocabulary(tables, bytes, new int[0]);
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

    private static byte[][] withAdded(byte[][] bytes, BpeTables tables) {
        for (AddedToken token : tables.added()) {
            if (!token.is(Flag.SPECIAL)) {
                bytes[token.id()] = Utf8.bytes(token.content());
            }
        }
        return bytes;
    }

    /** The same, in which a token that stands for nothing stands for its spelling. */
    Vocabulary spelled() {
        byte[][] all = bytes.clone();
        for (int id = 0; id < all.length; id++) {
            if (all[id].length == 0) {
                all[id] = Utf8.bytes(tables.spellings().get(id));
            }
        }
        return new Vocabulary(tables, all, idOfByte);
    }

    int size() {
        return bytes.length;
    }

    /** What an id in [0, size) stands for, not to be written to; nothing for a special token. */
    byte[] bytes(int id) {
        return bytes[id];
    }

    /** The id of a byte, where the symbols are bytes; -1 for one without a token. */
    int idOf(byte value) {
        return idOfByte[value & 0xFF];
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
                        String.format(
                                Locale.ROOT, "expected token ids in [0, %d), got %d", size(), id));
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
