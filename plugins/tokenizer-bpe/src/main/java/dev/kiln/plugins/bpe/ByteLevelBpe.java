package dev.kiln.plugins.bpe;

import dev.kiln.plugins.bpe.AddedToken.Flag;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Byte-level byte-pair encoding with GPT-2's split into words. Thread-safe.
 *
 * <p>Lossless on every text that is valid UTF-16, where an unpaired surrogate, which UTF-8 cannot
 * write, is encoded as U+FFFD; and on all bytes. Bytes that are not UTF-8 are split as tiktoken's
 * {@code Encoding._encode_bytes} splits them: words up to the first that is not, of which the last
 * is one word with all that follows. Only a vocabulary with tokens that take whitespace with them, or
 * that has a space put before a text, is not lossless.
 */
final class ByteLevelBpe implements Tokenizer {
    private final BpeTables tables;
    private final Vocabulary vocabulary;
    private final AddedTokens added;
    private final boolean lossless;
    private final WordCache cache;

    ByteLevelBpe(BpeTables tables) {
        this(tables, Vocabulary.bytes(tables), false, new WordCache());
    }

    private ByteLevelBpe(
            BpeTables tables, Vocabulary vocabulary, boolean specialTokens, WordCache cache) {
        this.tables = tables;
        this.vocabulary = vocabulary;
        this.added = AddedTokens.of(tables.added(), specialTokens);
        this.cache = cache;
        lossless =
                !tables.spaceBefore()
                        && tables.added().stream()
                                .filter(token -> specialTokens || !token.is(Flag.SPECIAL))
                                .noneMatch(AddedToken::isStripping);
    }

    @Override
    public Tokenizer withSpecialTokens() {
        return new ByteLevelBpe(tables, vocabulary.spelled(), true, cache);
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

    /** Where a space is put before the text, bytes that are not UTF-8 are taken as U+FFFD. */
    @Override
    public int[] encodeBytes(byte[] text) {
        int valid = Utf8.validLength(text);
        return valid < text.length && tables.spaceBefore()
                ? encode(new String(text, StandardCharsets.UTF_8))
                : encode(text, valid);
    }

    private int[] encode(byte[] text, int valid) {
        Encoder encoder = new Encoder(text);
        added.split(text, valid, encoder);
        if (valid < text.length) {
            encoder.encodeInvalid(valid);
        }
        return encoder.ids.toArray();
    }

    /** The encoding of one text. */
    private final class Encoder implements AddedTokens.Parts {
        private final byte[] whole;
        private final IntList ids;
        private final WordMerger merger = new WordMerger(tables.merges());
        private int[] word = new int[64];
        private int lastWord;

        /** How many ids there are up to the last added token, which is whole in any case. */
        private int fixed;

        Encoder(byte[] whole) {
            this.whole = whole;
            ids = new IntList(whole.length / 3 + 8);
        }

        @Override
        public void token(AddedToken token) {
            ids.add(new int[] {token.id()}, 1);
            fixed = ids.size();
            lastWord = fixed;
        }

        @Override
        public void text(int from, int to) {
            if (tables.spaceBefore() && whole[from] != ' ') {
                byte[] spaced = new byte[1 + to - from];
                spaced[0] = ' ';
                System.arraycopy(whole, from, spaced, 1, to - from);
                encodeWords(spaced, 0, spaced.length);
            } else {
                encodeWords(whole, from, to);
            }
        }

        private void encodeWords(byte[] text, int from, int limit) {
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
        private int merge(byte[] text, int from, int to) {
            if (word.length < to - from) {
                word = new int[to - from];
            }
            for (int i = from; i < to; i++) {
                int id = vocabulary.idOf(text[i]);
                if (id < 0) {
                    throw lacking(text, i);
                }
                word[i - from] = id;
            }
            return merger.merge(word, to - from);
        }

        private InvalidInput lacking(byte[] text, int place) {
            return new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "the vocabulary has no token for the byte %d (%s) of the text",
                            text[place] & 0xFF,
                            ByteAlphabet.spell(text[place])));
        }

        /** Encodes the rest, which is not UTF-8, as one word with the last one before it. */
        void encodeInvalid(int valid) {
            int cut = lastWord;
            if (cut < ids.size() && isSpace(ids.get(cut))) {
                while (cut > fixed && isSpace(ids.get(cut - 1))) {
                    cut--;
                }
            }
            int from = valid;
            for (int i = cut; i < ids.size(); i++) {
                from -= vocabulary.bytes(ids.get(i)).length;
            }
            ids.truncate(cut);
            int count = merge(whole, from, whole.length);
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
        return lossless;
    }

    @Override
    public int[] asPrompt(int... ids) {
        return tables.frame().around(ids);
    }

    @Override
    public OptionalInt beginningOfText() {
        return tables.beginningOfText();
    }

    @Override
    public OptionalInt endOfText() {
        return tables.endOfText();
    }

    @Override
    public void save(Path folder) throws IOException {
        HuggingFaceFolder.write(folder, Kind.BYTE_LEVEL, tables);
    }
}
