package dev.kiln.plugins.wordnet;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.data.Order;

/** Options of {@code wordnet}. */
public record WordNetOptions(
        @Doc("share of the headwords that is held out, with all their entries")
                @Default("0.05")
                @Range(min = 0, max = 0.9)
                double heldOut,
        @Doc("order of the training windows") @Default("shuffled") Order order) {}
