package dev.kiln.plugins.bpe;

import dev.kiln.plugins.bpe.AddedToken.Flag;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * GPT-1's byte-pair encoding (Radford et al., 2018; Sennrich et al., 2016): a text is standardised
 * and split into words, and the last symbol of each has the mark {@code </w>}. Symbols that the
 * vocabulary lacks are {@code <unk>}. Not lossless. Thread-safe.
 */
final class EndOfWordBpe implements Tokenizer {
    private final BpeTables tables;
    private final Vocabulary vocabulary;
    private final AddedTokens inText;
    private final AddedTokens inStandard;
    private final WordSymbols symbols;
    private final WordCache cache;

    EndOfWordBpe(BpeTables tables) {
        this.tables = tables;
        this.vocabulary = Vocabulary.words(tables);
        this.inText = inText(tables, false);
        this.inStandard = inStandard(tables, false);
        this.symbols = new WordSymbols(tables.spellings());
        this.cache = new WordCache();
    }

    private EndOfWordBpe(EndOfWordBpe plain) {
        this.tables = plain.tables;
        this.vocabulary = plain.vocabulary.spelled();
        this.inText = inText(tables, true);
        this.inStandard = inStandard(tables, true);
        this.symbols = plain.symbols;
        this.cache = plain.cache;
    }

    private static AddedTokens inText(BpeTables tables, boolean specialTokens) {
        return AddedTokens.of(
                tables.added().stream().filter(token -> !token.is(Flag.NORMALIZED)).toList(),
                specialTokens);
    }

    private static AddedTokens inStandard(BpeTables tables, boolean specialTokens) {
        return AddedTokens.of(
                tables.added().stream()
                        .filter(token -> token.is(Flag.NORMALIZED))
                        .map(Gpt1Text::standardize)
                        .filter(token -> !token.content().isEmpty())
                        .toList(),
                specialTokens);
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
        WordMerger merger = new WordMerger(tables.merges());
        IntList ids = new IntList(text.length() / 3 + 8);
        split(inText, text, ids, part -> encodeStandard(Gpt1Text.standardize(part), merger, ids));
        return ids.toArray();
    }

    private void encodeStandard(int[] text, WordMerger merger, IntList ids) {
        if (inStandard.isEmpty()) {
            encodeWords(text, merger, ids);
        } else {
            split(
                    inStandard,
                    new String(text, 0, text.length),
                    ids,
                    part -> encodeWords(part.codePoints().toArray(), merger, ids));
        }
    }

    /** Adds the ids of added tokens; what is between them goes to {@code rest}. */
    private static void split(AddedTokens added, String text, IntList ids, Consumer<String> rest) {
        byte[] bytes = Utf8.bytes(text);
        added.split(
                bytes,
                bytes.length,
                new AddedTokens.Parts() {
                    @Override
                    public void text(int from, int to) {
                        rest.accept(new String(bytes, from, to - from, StandardCharsets.UTF_8));
                    }

                    @Override
                    public void token(AddedToken token) {
                        ids.add(new int[] {token.id()}, 1);
                    }
                });
    }

    private void encodeWords(int[] standard, WordMerger merger, IntList ids) {
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
        HuggingFaceFolder.write(folder, Kind.END_OF_WORD, tables);
    }
}
