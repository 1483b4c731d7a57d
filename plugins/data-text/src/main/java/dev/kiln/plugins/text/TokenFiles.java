package dev.kiln.plugins.text;

import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TokenSource;
import dev.kiln.spi.data.Tokens;
import java.util.Optional;

/** A file of tokens for each split, or for training alone. Immutable and thread-safe. */
record TokenFiles(Tokens train, Optional<Tokens> heldOut, Order order) implements TokenSource {
    @Override
    public Tokens tokens(Split split) {
        return switch (split) {
            case TRAIN -> train;
            case HELD_OUT -> heldOut.orElseGet(NoTokens::new);
        };
    }
}
