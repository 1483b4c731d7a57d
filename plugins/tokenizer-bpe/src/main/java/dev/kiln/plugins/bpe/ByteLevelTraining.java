package dev.kiln.plugins.bpe;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Vocabularies of GPT-2's kind: the 256 bytes in the order of their characters, what the merges make
 * in the order of their ranks, the end of text.
 */
final class ByteLevelTraining {
    private ByteLevelTraining() {}

    /** The words of a text, for {@link WordCounts}. */
    static void split(String text, Consumer<String> words) {
        byte[] bytes = Utf8.bytes(text);
        for (int from = 0; from < bytes.length; ) {
            int to = WordSplit.end(bytes, from, bytes.length);
            words.accept(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            from = to;
        }
    }

    /** Learns at most so many tokens, the bytes and the end of text included. */
    static BpeTables train(WordCounts corpus, int tokens, long minimumFrequency) {
        int[] idOfByte = new int[ByteAlphabet.SIZE];
        for (int place = 0; place < ByteAlphabet.SIZE; place++) {
            idOfByte[ByteAlphabet.byteAt(place)] = place;
        }
        Trainer trainer = new Trainer(bytes());
        corpus.forEach(
                (word, count) -> {
                    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
                    int[] ids = new int[bytes.length];
                    for (int i = 0; i < ids.length; i++) {
                        ids[i] = idOfByte[bytes[i] & 0xFF];
                    }
                    trainer.add(ids, count);
                });
        Merges merges = trainer.learn(tokens - 1, minimumFrequency);
        return withEnd(trainer.spellings(), merges);
    }

    /** The tables of merges whose ids are in the order of their ranks. */
    static BpeTables tables(Merges merges) {
        List<String> spellings = bytes();
        for (Merge merge : merges.ranked()) {
            spellings.add(spellings.get(merge.left()) + spellings.get(merge.right()));
        }
        return withEnd(spellings, merges);
    }

    private static List<String> bytes() {
        List<String> spellings = new ArrayList<>();
        for (int place = 0; place < ByteAlphabet.SIZE; place++) {
            spellings.add(ByteAlphabet.spell((byte) ByteAlphabet.byteAt(place)));
        }
        return spellings;
    }

    private static BpeTables withEnd(List<String> spellings, Merges merges) {
        List<String> all = new ArrayList<>(spellings);
        all.add(Kind.END_OF_TEXT);
        AddedToken end = AddedToken.special(spellings.size(), Kind.END_OF_TEXT);
        return new BpeTables(
                all, merges, List.of(end), Kind.BYTE_LEVEL.specialTokens(), Frame.NONE, false);
    }
}
