package dev.kiln.platform.exchange;

import dev.kiln.spi.text.Tokenizer;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** A tokenizer whose one file has a given name; no token ends a text. */
record Named(String file) implements Tokenizer {
    private static final Tokenizer BYTES = new ByteTokenizer();

    @Override
    public int vocabularySize() {
        return BYTES.vocabularySize();
    }

    @Override
    public int[] encode(String text) {
        return BYTES.encode(text);
    }

    @Override
    public byte[] decodeBytes(int... ids) {
        return BYTES.decodeBytes(ids);
    }

    @Override
    public boolean lossless() {
        return true;
    }

    @Override
    public OptionalInt endOfText() {
        return OptionalInt.empty();
    }

    @Override
    public void save(Path folder) throws IOException {
        Files.writeString(folder.resolve(file), "");
    }
}
