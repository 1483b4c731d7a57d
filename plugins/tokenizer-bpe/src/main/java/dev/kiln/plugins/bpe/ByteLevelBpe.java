package dev.kiln.plugins.bpe;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Byte-level byte-pair encoding with GPT-2's split into words. Thread-safe.
 *
 * <p>Lossless on every text that is valid UTF-16; an unpaired surrogate, which UTF-8 cannot write,
 * is encoded as U+FFFD. Saved as Hugging Face's {@code vocab.json} and {@code merges.txt}.
 */
final class ByteLevelBpe implements Tokenizer {
    private final Vocabulary vocabulary;
    private final Merges merges;
    private final WordCache cache = new WordCache();

    ByteLevelBpe(Vocabulary vocabulary, Merges merges) {
        this.vocabulary = vocabulary;
        this.merges = merges;
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public int[] encode(String text) {
        Utf8 utf8 = new Utf8();
        int[] ids = new int[text.length() / 3 + 8];
        int count = 0;
        for (int from = 0; from < text.length(); ) {
            int to = WordSplit.end(text, from);
            int[] word = encodeWord(text, from, to, utf8);
            if (count + word.length > ids.length) {
                ids = Arrays.copyOf(ids, ids.length + ids.length / 2 + word.length);
            }
            System.arraycopy(word, 0, ids, count, word.length);
            count += word.length;
            from = to;
        }
        return Arrays.copyOf(ids, count);
    }

    private int[] encodeWord(String text, int from, int to, Utf8 utf8) {
        int[] known = cache.find(text, from, to);
        if (known.length > 0) {
            return known;
        }
        int[] ids = WordMerger.merge(vocabulary, merges, utf8.bytes(text, from, to));
        cache.put(text, from, to, ids);
        return ids;
    }

    @Override
    public byte[] decodeBytes(int... ids) {
        int length = 0;
        for (int id : ids) {
            if (id < 0 || id >= vocabulary.size()) {
                throw new InvalidInput(
                        "expected token ids in [0, %d), got %d".formatted(vocabulary.size(), id));
            }
            length = Math.addExact(length, vocabulary.bytes(id).length);
        }
        byte[] text = new byte[length];
        int at = 0;
        for (int id : ids) {
            byte[] token = vocabulary.bytes(id);
            System.arraycopy(token, 0, text, at, token.length);
            at += token.length;
        }
        return text;
    }

    @Override
    public boolean lossless() {
        return true;
    }

    @Override
    public OptionalInt endOfText() {
        return vocabulary.endOfText();
    }

    @Override
    public void save(Path folder) throws IOException {
        VocabJson.write(folder, vocabulary);
        MergesTxt.write(folder, vocabulary, merges);
    }

    /**
     * Reads {@code vocab.json} and {@code merges.txt} from a folder, as Hugging Face lays them out.
     *
     * @throws InvalidInput when one is missing or broken; names the file and the place in it
     */
    static ByteLevelBpe load(Path folder) throws IOException {
        var ids = VocabJson.read(folder);
        Merges merges = MergesTxt.read(folder, ids);
        try {
            return new ByteLevelBpe(new Vocabulary(VocabJson.ordered(folder, ids), merges), merges);
        } catch (IllegalArgumentException e) {
            throw new InvalidInput(folder.resolve(VocabJson.NAME) + ": " + e.getMessage(), e);
        }
    }
}
