package dev.kiln.plugins.schedules;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.training.Progress;
import java.util.Locale;
import java.util.Optional;

/**
 * How long warm-up and decay last, in steps or, where the user gave tokens, in tokens.
 *
 * @param inTokens the unit of everything here
 * @param warmUp length of the warm-up
 * @param end where the decay ends, counted from the run's first step; empty for the run's end
 */
record Span(boolean inTokens, long warmUp, Optional<Long> end) {

    /**
     * @throws InvalidInput when steps and tokens are mixed, or the decay ends before the warm-up
     */
    static Span of(
            long warmUpSteps,
            Optional<Long> warmUpTokens,
            Optional<Long> decaySteps,
            Optional<Long> decayTokens) {
        boolean inTokens = warmUpTokens.isPresent() || decayTokens.isPresent();
        boolean inSteps = warmUpSteps > 0 || decaySteps.isPresent();
        if (inTokens && inSteps) {
            throw new InvalidInput(
                    "schedule: expected lengths in steps (warmUpSteps, decaySteps) or in tokens"
                            + " (warmUpTokens, decayTokens), not both");
        }
        long warmUp = inTokens ? warmUpTokens.orElse(0L) : warmUpSteps;
        Optional<Long> end = inTokens ? decayTokens : decaySteps;
        if (end.isPresent() && end.get() <= warmUp) {
            String unit = inTokens ? "Tokens" : "Steps";
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "schedule: decay%s is %d, expected more than warmUp%s, which is %d",
                            unit,
                            end.get(),
                            unit,
                            warmUp));
        }
        return new Span(inTokens, warmUp, end);
    }

    /** How far the run is. */
    double position(Progress progress) {
        return inTokens ? progress.tokens() : progress.step();
    }

    /** How far one step goes, on average. */
    double stride(Progress progress) {
        return inTokens ? (double) progress.totalTokens() / progress.steps() : 1;
    }

    double end(Progress progress) {
        return end.orElse(inTokens ? progress.totalTokens() : progress.steps());
    }
}
