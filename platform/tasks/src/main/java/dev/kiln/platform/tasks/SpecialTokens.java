package dev.kiln.platform.tasks;

import dev.kiln.spi.InvalidInput;
import java.util.Locale;

/**
 * The tokens that GPT-1's input transformations put around texts. A fine-tuned model has them at the
 * end of its vocabulary, behind those of its tokenizer. Immutable.
 */
public record SpecialTokens(int start, int delimiter, int extract) {
    /** How many there are. */
    public static final int COUNT = 3;

    /** Those at the end of a vocabulary, which has them. */
    public static SpecialTokens endOf(int vocabulary) {
        return new SpecialTokens(vocabulary - 3, vocabulary - 2, vocabulary - 1);
    }

    /**
     * Those of a model that was fine-tuned before.
     *
     * @param model what the message begins with
     * @param vocabulary the model's
     * @param tokens the tokenizer's vocabulary
     * @throws InvalidInput when the model has too few tokens that aren't the tokenizer's
     */
    public static SpecialTokens of(Object model, int vocabulary, int tokens) {
        if (vocabulary < tokens + COUNT) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: its vocabulary of %,d lacks the special tokens start, delimiter and extract"
                                    + " behind the tokenizer's %,d",
                            model,
                            vocabulary,
                            tokens));
        }
        return endOf(vocabulary);
    }
}
