package dev.kiln.platform.benchmark;

import dev.kiln.spi.text.Tokenizer;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Stands where a random model has no tokenizer: its tokens mean nothing, and none ends a text. */
record Wordless(int vocabularySize) implements Tokenizer {

    @Override
    public int[] encode(String text) {
        throw new UnsupportedOperationException("random tokens stand for no text");
    }

    @Override
    public byte[] decodeBytes(int... ids) {
        return new byte[0];
    }

    @Override
    public boolean lossless() {
        return false;
    }

    @Override
    public OptionalInt endOfText() {
        return OptionalInt.empty();
    }

    @Override
    public void save(Path folder) {
        throw new UnsupportedOperationException("there is nothing to save");
    }
}
