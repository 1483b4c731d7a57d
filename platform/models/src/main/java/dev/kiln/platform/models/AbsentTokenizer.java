package dev.kiln.platform.models;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Stands in for a tokenizer that there isn't, or that Kiln does not read, so that all that needs no
 * text works: asked for anything, it says why.
 *
 * @param problem one line
 */
public record AbsentTokenizer(String problem) implements Tokenizer {

    private InvalidInput absent() {
        return new InvalidInput(problem + ", and this needs one");
    }

    @Override
    public int vocabularySize() {
        throw absent();
    }

    @Override
    public int[] encode(String text) {
        throw absent();
    }

    @Override
    public byte[] decodeBytes(int... ids) {
        throw absent();
    }

    @Override
    public boolean lossless() {
        throw absent();
    }

    @Override
    public OptionalInt endOfText() {
        throw absent();
    }

    @Override
    public void save(Path target) {
        throw absent();
    }
}
