package dev.kiln.testkit;

import dev.kiln.spi.text.Tokenizer;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Function;

/** The bytes' tokenizer, but for what it makes of a text. */
class FaultyTokenizer implements Tokenizer {
    static final Tokenizer BYTES = new ByteTokenizer();
    private final Function<String, int[]> encoding;

    FaultyTokenizer(Function<String, int[]> encoding) {
        this.encoding = encoding;
    }

    @Override
    public int[] encode(String text) {
        return encoding.apply(text);
    }

    @Override
    public int vocabularySize() {
        return BYTES.vocabularySize();
    }

    @Override
    public byte[] decodeBytes(int... ids) {
        return BYTES.decodeBytes(ids);
    }

    @Override
    public boolean lossless() {
        return BYTES.lossless();
    }

    @Override
    public OptionalInt endOfText() {
        return BYTES.endOfText();
    }

    @Override
    public void save(Path folder) throws IOException {
        BYTES.save(folder);
    }
}
