package dev.kiln.platform.training;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.Mixture;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import dev.kiln.spi.data.TokenSource;
import dev.kiln.spi.data.Tokens;
import dev.kiln.spi.text.Tokenizer;
import java.util.stream.Stream;

/**
 * A data source as two long sequences of tokens: documents one after the other, each followed by the
 * end-of-text token if the tokenizer has one.
 */
record Corpus(Tokens train, Tokens heldOut, Order order) {

    /**
     * Reads and encodes a data source.
     *
     * @param context length of a training sequence
     * @throws InvalidInput when a split is empty, or too short for the context
     */
    static Corpus read(DataSource source, Tokenizer tokenizer, int context) {
        Tokens train = tokens(source, Split.TRAIN, tokenizer);
        Tokens heldOut = tokens(source, Split.HELD_OUT, tokenizer);
        if (train.size() == 0) {
            throw new InvalidInput("the corpus is empty: there is nothing to train on");
        }
        if (train.size() <= context) {
            throw new InvalidInput(
                    ("the training text has %,d tokens; one sequence of the model's context needs %,d:"
                                    + " give more text or a smaller model.context")
                            .formatted(train.size(), context + 1));
        }
        if (heldOut.size() < 2) {
            throw new InvalidInput("no text is held out to measure on: hold out a larger share");
        }
        return new Corpus(train, heldOut, source.order());
    }

    private static Tokens tokens(DataSource source, Split split, Tokenizer tokenizer) {
        return switch (source) {
            case TokenSource ready -> ready.tokens(split);
            case TextSource texts -> encode(texts, split, tokenizer);
            case Mixture _ -> throw new InvalidInput("a mixture can't be read as one corpus");
        };
    }

    private static Tokens encode(TextSource texts, Split split, Tokenizer tokenizer) {
        TokenBuffer buffer = new TokenBuffer();
        try (Stream<String> documents = texts.documents(split)) {
            documents.forEachOrdered(
                    document -> {
                        buffer.add(tokenizer.encode(document));
                        tokenizer.endOfText().ifPresent(buffer::add);
                    });
        }
        return buffer;
    }
}
