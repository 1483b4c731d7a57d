package dev.kiln.platform.models;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * A tokenizer of more ids than its model has, such as one with a padding token that the model was not
 * resized for: the ids beyond are refused where a text needs them. Immutable and thread-safe.
 *
 * @param vocabularySize ids that the model has
 */
public record FittedTokenizer(Tokenizer whole, int vocabularySize) implements Tokenizer {

    private int[] checked(int... ids) {
        Arrays.stream(ids).filter(id -> id >= vocabularySize).findFirst().ifPresent(this::refuse);
        return ids;
    }

    private void refuse(int id) {
        throw new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "the token %d (%s) is beyond the %,d of the model's vocabulary",
                        id,
                        whole.withSpecialTokens().decode(id),
                        vocabularySize));
    }

    @Override
    public int[] encode(String text) {
        return checked(whole.encode(text));
    }

    @Override
    public int[] encodeBytes(byte[] text) {
        return checked(whole.encodeBytes(text));
    }

    @Override
    public byte[] decodeBytes(int... ids) {
        return whole.decodeBytes(checked(ids));
    }

    @Override
    public String decode(int... ids) {
        return whole.decode(checked(ids));
    }

    @Override
    public boolean lossless() {
        return whole.lossless();
    }

    @Override
    public Tokenizer withSpecialTokens() {
        return new FittedTokenizer(whole.withSpecialTokens(), vocabularySize);
    }

    @Override
    public int[] asPrompt(int... ids) {
        return checked(whole.asPrompt(ids));
    }

    @Override
    public OptionalInt beginningOfText() {
        return within(whole.beginningOfText());
    }

    @Override
    public OptionalInt endOfText() {
        return within(whole.endOfText());
    }

    private OptionalInt within(OptionalInt id) {
        return id.stream().filter(value -> value < vocabularySize).findFirst();
    }

    @Override
    public void save(Path folder) throws IOException {
        whole.save(folder);
    }
}
