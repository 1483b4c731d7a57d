package dev.kiln.toolkit;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.NormPlacement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The options that GPT-1, GPT-2 and GPT-3 have in common. The defaults differ, and a record's marks
 * are not inherited, so each family has a record of its own.
 */
public interface DecoderOptions {
    /** Five times GPT-3's: what is four times as wide, for a whole batch, can still be counted. */
    int MAX_WIDTH = 65_536;

    /** Four times as much. */
    int MAX_FEED_FORWARD = 4 * MAX_WIDTH;

    int layers();

    int heads();

    int width();

    int context();

    double dropout();

    Optional<Double> embeddingDropout();

    Optional<Double> attentionDropout();

    Optional<Double> residualDropout();

    List<Choice<AttentionPattern>> attention();

    Choice<NormPlacement> norm();

    double epsilon();

    ActivationOption activation();

    GeluForm gelu();

    /** Width of the feed-forward layer; four times the model's where nothing is said. */
    default Optional<Integer> feedForward() {
        return Optional.empty();
    }

    /** What scores are multiplied by. */
    default AttentionScale attentionScale() {
        return AttentionScale.HEAD;
    }

    OutputHead outputHead();

    /**
     * For the constructors of the records.
     *
     * @throws InvalidInput when the width is above {@link #MAX_WIDTH}, or the options contradict each
     *     other
     */
    static void check(int heads, int width, List<Choice<AttentionPattern>> attention) {
        if (width > MAX_WIDTH) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "width: expected at most %,d, found %,d",
                            MAX_WIDTH,
                            width));
        }
        if (width % heads != 0) {
            throw new InvalidInput(
                    "heads must divide width, got heads: " + heads + ", width: " + width);
        }
        if (attention.isEmpty()) {
            throw new InvalidInput("attention: expected at least one pattern, found []");
        }
    }

    /** The model's sizes. */
    default ModelShape shape(int vocabulary) {
        return new ModelShape(vocabulary, context(), layers(), heads(), width());
    }

    /** The one rate, and what overrides it. */
    default DecoderSpec.Rates rates() {
        return new DecoderSpec.Rates(
                embeddingDropout().orElse(dropout()),
                attentionDropout().orElse(dropout()),
                residualDropout().orElse(dropout()));
    }

    /** The feed-forward layer. */
    default FeedForward feedForwardSpec() {
        return new FeedForward(feedForward().orElse(4 * width()), activation().function(gelu()));
    }

    /** The patterns, created, taking turns. */
    default PatternCycle pattern(Context run) {
        return new PatternCycle(attention().stream().map(choice -> choice.create(run)).toList());
    }
}
