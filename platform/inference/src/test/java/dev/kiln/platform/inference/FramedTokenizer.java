package dev.kiln.platform.inference;

import dev.kiln.spi.text.Tokenizer;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Bytes, with an id that stands before every prompt. */
record FramedTokenizer(Tokenizer bytes, int before) implements Tokenizer {
    FramedTokenizer(int before) {
        this(new ByteTokenizer(), before);
    }

    @Override
    public int[] asPrompt(int... ids) {
        return IntStream.concat(IntStream.of(before), IntStream.of(ids)).toArray();
    }

    @Override
    public int vocabularySize() {
        return bytes.vocabularySize();
    }

    @Override
    public int[] encode(String text) {
        return bytes.encode(text);
    }

    @Override
    public byte[] decodeBytes(int... ids) {
        return bytes.decodeBytes(ids);
    }

    @Override
    public boolean lossless() {
        return bytes.lossless();
    }

    @Override
    public OptionalInt endOfText() {
        return bytes.endOfText();
    }

    @Override
    public void save(Path folder) throws IOException {
        bytes.save(folder);
    }
}
