package dev.kiln.plugins.bpe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * What each id stands for. Immutable and thread-safe.
 *
 * <p>A token is a byte, or what a merge makes. All others are special tokens: no text is encoded as
 * one, and they decode to nothing. {@value #END_OF_TEXT} is the one that ends a document.
 */
final class Vocabulary {
    static final String END_OF_TEXT = "<|endoftext|>";

    private final List<String> spellings;
    private final byte[][] bytes;
    private final int[] idOfByte;
    private final OptionalInt endOfText;

    /**
     * @param spellings the tokens by id, plain ones in GPT-2's {@link ByteAlphabet}
     * @param merges whose ids are in the range of {@code spellings}
     * @throws IllegalArgumentException when a byte is missing, or a merge's token is not spelled
     */
    Vocabulary(List<String> spellings, Merges merges) {
        this.spellings = List.copyOf(spellings);
        BitSet plain = new BitSet(spellings.size());
        merges.ranked().forEach(merge -> plain.set(merge.merged()));
        bytes = new byte[spellings.size()][];
        idOfByte = new int[ByteAlphabet.SIZE];
        Arrays.fill(idOfByte, -1);
        OptionalInt end = OptionalInt.empty();
        for (int id = 0; id < bytes.length; id++) {
            String spelling = spellings.get(id);
            bytes[id] = bytesOf(spelling, plain.get(id));
            if (bytes[id].length == 1) {
                idOfByte[bytes[id][0] & 0xFF] = id;
            } else if (spelling.equals(END_OF_TEXT) && !plain.get(id)) {
                end = OptionalInt.of(id);
            }
        }
        endOfText = end;
        requireAllBytes();
    }

    /**
     * A vocabulary of GPT-2's kind: the 256 bytes in the order of their characters, what the merges
     * make in the order of their ranks, the end of text.
     */
    static Vocabulary of(Merges merges) {
        List<String> spellings = new ArrayList<>();
        for (int place = 0; place < ByteAlphabet.SIZE; place++) {
            spellings.add(ByteAlphabet.spell((byte) ByteAlphabet.byteAt(place)));
        }
        for (Merge merge : merges.ranked()) {
            spellings.add(spellings.get(merge.left()) + spellings.get(merge.right()));
        }
        spellings.add(END_OF_TEXT);
        return new Vocabulary(spellings, merges);
    }

    private static byte[] bytesOf(String spelling, boolean made) {
        boolean spelled = ByteAlphabet.spells(spelling);
        if (made && !spelled) {
            throw new IllegalArgumentException("not spelled in GPT-2's byte alphabet: " + spelling);
        }
        return made || spelled && spelling.length() == 1
                ? ByteAlphabet.bytes(spelling)
                : new byte[0];
    }

    private void requireAllBytes() {
        for (int value = 0; value < idOfByte.length; value++) {
            if (idOfByte[value] < 0) {
                throw new IllegalArgumentException(
                        "no token for the byte %d, spelled %s"
                                .formatted(value, ByteAlphabet.spell((byte) value)));
            }
        }
    }

    int size() {
        return bytes.length;
    }

    /** The tokens by id, as Hugging Face's files spell them. */
    List<String> spellings() {
        return spellings;
    }

    /** What an id in [0, size) stands for, not to be written to; nothing for a special token. */
    byte[] bytes(int id) {
        return bytes[id];
    }

    int idOf(byte value) {
        return idOfByte[value & 0xFF];
    }

    OptionalInt endOfText() {
        return endOfText;
    }
}
