package dev.kiln.plugins.bpe;

import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * GPT-1's byte-pair encoding (Radford et al., 2018; Sennrich et al., 2016): a text is standardised
 * and split into words, and the last symbol of each has the mark {@code </w>}. Symbols that the
 * vocabulary lacks are {@code <unk>}. Not lossless. Thread-safe.
 */
final class EndOfWordBpe implements Tokenizer {
    private final BpeTables tables;
    private final Vocabulary vocabulary;
    private final AddedTokens added;
    private final WordSymbols symbols;
    private final WordCache cache;

    EndOfWordBpe(BpeTables tables) {
        this.tables = tables;
        this.vocabulary = Vocabulary.words(tables);
        this.added = AddedTokens.of(tables.added(), false);
        this.symbols = new WordSymbols(tables.spellings());
        this.cache = new WordCache();
    }

    private EndOfWordBpe(EndOfWordBpe plain) {
        this.tables = plain.tables;
        this.vocabulary = plain.vocabulary.spelled();
        this.added = AddedTokens.of(tables.added(), true);
        this.symbols = plain.symbols;
        this.cache = plain.cache;
    }

    @Override
    public Tokenizer withSpecialTokens() {
        return new EndOfWordBpe(this);
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public int[] encode(String text) {
        byte[] bytes = Utf8.bytes(text);
        WordMerger merger = new WordMerger(tables.merges());
        IntList ids = new IntList(bytes.length / 3 + 8);
        added.split(
                bytes,
                bytes.length,
                new AddedTokens.Parts() {
                    @Override
                    public void text(int from, int to) {
                        String part = new String(bytes, from, to - from, StandardCharsets.UTF_8);
                        encodeWords(part, merger, ids);
                    }

                    @Override
                    public void token(AddedToken token) {
                        ids.add(new int[] {token.id()}, 1);
                    }
                });
        return ids.toArray();
    }

    private void encodeWords(String text, WordMerger merger, IntList ids) {
        int[] standard = Gpt1Text.standardize(text);
        for (int from = 0; from < standard.length; ) {
            if (standard[from] == ' ') {
                from++;
                continue;
            }
            int to = Gpt1Text.wordEnd(standard, from);
            encodeWord(standard, from, to, merger, ids);
            from = to;
        }
    }

    private void encodeWord(int[] text, int from, int to, WordMerger merger, IntList ids) {
        byte[] word = new String(text, from, to - from).getBytes(StandardCharsets.UTF_8);
        int[] known = cache.find(word, 0, word.length);
        if (known.length > 0) {
            ids.add(known, known.length);
            return;
        }
        int[] merged = new int[to - from];
        for (int i = 0; i < merged.length; i++) {
            merged[i] = symbols.id(text[from + i], i + 1 == merged.length);
        }
        int count = merger.merge(merged, merged.length);
        ids.add(merged, count);
        cache.put(word, 0, word.length, merged, count);
    }

    @Override
    public byte[] decodeBytes(int... ids) {
        return vocabulary.decode(ids);
    }

    /** The text that ids stand for, without the space that ends its last word. */
    @Override
    public String decode(int... ids) {
        String text = new String(decodeBytes(ids), StandardCharsets.UTF_8);
        return text.endsWith(" ") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public boolean lossless() {
        return false;
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
        HuggingFaceFolder.write(folder, Kind.END_OF_WORD, tables);
    }
}
