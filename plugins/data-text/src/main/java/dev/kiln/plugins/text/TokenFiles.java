package dev.kiln.plugins.text;

import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TokenSource;
import dev.kiln.spi.data.Tokens;

/** A file of tokens for each split. Immutable and thread-safe. */
record TokenFiles(Tokens train, Tokens heldOut, Order order) implements TokenSource {
    @Override
    public Tokens tokens(Split split) {
        return switch (split) {
            case TRAIN -> train;
            case HELD_OUT -> heldOut;
        };
    }
}
