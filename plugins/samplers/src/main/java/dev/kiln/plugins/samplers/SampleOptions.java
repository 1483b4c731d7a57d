package dev.kiln.plugins.samplers;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;

/** Options of {@code sample}; with the defaults every token has the probability of the model. */
public record SampleOptions(
        @Doc("what logits are divided by; 0 always takes the most probable token")
                @Default("1.0")
                @Range(min = 0, max = 1000)
                double temperature,
        @Doc("keep this many of the most probable tokens; 0 keeps all")
                @Default("0")
                @Range(min = 0)
                int topK,
        @Doc("keep the fewest most probable tokens that together have this probability")
                @Default("1.0")
                @Range(min = 0, max = 1)
                double topP,
        @Doc("keep tokens that have at least this share of the highest probability")
                @Default("0.0")
                @Range(min = 0, max = 1)
                double minP,
        @Doc("above 1 makes tokens that came before less probable")
                @Default("1.0")
                @Range(min = 0.001, max = 1000)
                double repetitionPenalty) {}
