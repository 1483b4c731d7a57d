package dev.kiln.plugins.bpe;

import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Byte-level byte-pair encoding with GPT-2's split into words. Thread-safe.
 *
 * <p>Lossless on every text that is valid UTF-16, where an unpaired surrogate, which UTF-8 cannot
 * write, is encoded as U+FFFD; and on all bytes. Bytes that are not UTF-8 are split as tiktoken's
 * {@code Encoding._encode_bytes} splits them: words up to the first that is not, of which the last
 * is one word with all that follows.
 */
final class ByteLevelBpe implements Tokenizer {
    private final Vocabulary vocabulary;
    private final Merges merges;
    private final AddedTokens added;
    private final WordCache cache = new WordCache();

    ByteLevelBpe(BpeTables tables) {
        this.vocabulary = Vocabulary.bytes(tables);
        this.merges = tables.merges();
        this.added = AddedTokens.of(tables);
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public int[] encode(String text) {
        byte[] bytes = Utf8.bytes(text);
        return encode(bytes, bytes.length);
    }

    @Override
    public int[] encodeBytes(byte[] text) {
        return encode(text, Utf8.validLength(text));
    }

    private int[] encode(byte[] text, int valid) {
        Encoder encoder = new Encoder(text);
        encoder.encode(valid);
        if (valid < text.length) {
            encoder.encodeInvalid(valid);
        }
        return encoder.ids.toArray();
    }

    /** The encoding of one text. */
    private final class Encoder {
        private final byte[] text;
        private final IntList ids;
        private final WordMerger merger = new WordMerger(merges);
        private int[] word = new int[64];
        private int lastWord;

        Encoder(byte[] text) {
            this.text = text;
            ids = new IntList(text.length / 3 + 8);
        }

        /** Encodes the text up to a place, between tokens that were added to the vocabulary. */
        void encode(int limit) {
            for (int from = 0; from < limit; ) {
                int next = added.find(text, from, limit);
                encodeWords(from, next);
                if (next < limit) {
                    AddedToken token = added.at(text, next, limit).orElseThrow();
                    lastWord = ids.size();
                    ids.add(new int[] {token.id()}, 1);
                    next += vocabulary.bytes(token.id()).length;
                }
                from = next;
            }
        }

        private void encodeWords(int from, int limit) {
            for (int at = from; at < limit; ) {
                int end = WordSplit.end(text, at, limit);
                lastWord = ids.size();
                int[] known = cache.find(text, at, end);
                if (known.length > 0) {
                    ids.add(known, known.length);
                } else {
                    int count = merge(text, at, end);
                    ids.add(word, count);
                    cache.put(text, at, end, word, count);
                }
                at = end;
            }
        }

        /** Merges the bytes of a word into the first of {@link #word}; how many they are. */
        private int merge(byte[] bytes, int from, int to) {
            if (word.length < to - from) {
                word = new int[to - from];
            }
            for (int i = from; i < to; i++) {
                word[i - from] = vocabulary.idOf(bytes[i]);
            }
            return merger.merge(word, to - from);
        }

        /** Encodes the rest, which is not UTF-8, as one word with the last one before it. */
        void encodeInvalid(int valid) {
            int cut = lastWord;
            if (cut < ids.size() && isSpace(ids.get(cut))) {
                while (cut > 0 && isSpace(ids.get(cut - 1))) {
                    cut--;
                }
            }
            int from = valid;
            for (int i = cut; i < ids.size(); i++) {
                from -= vocabulary.bytes(ids.get(i)).length;
            }
            ids.truncate(cut);
            int count = merge(text, from, text.length);
            ids.add(word, count);
        }

        private boolean isSpace(int id) {
            for (byte b : vocabulary.bytes(id)) {
                if (b != ' ' && b != '\n' && b != '\t') {
                    return false;
                }
            }
            return true;
        }
    }

    @Override
    public byte[] decodeBytes(int... ids) {
        return vocabulary.decode(ids);
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
        HuggingFaceFolder.write(folder, Kind.BYTE_LEVEL, vocabulary.tables());
    }
}
