package dev.kiln.plugins.schedules;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import java.util.Optional;

/** Options of {@code linear}. */
public record LinearOptions(
        @Doc("the highest learning rate, reached after the warm-up")
                @Default("6e-4")
                @Range(min = 0, max = 100)
                double learningRate,
        @Doc("steps of linear warm-up") @Default("0") @Range(min = 0) long warmUpSteps,
        @Doc("the same in tokens, instead of steps") @Range(min = 0) Optional<Long> warmUpTokens,
        @Doc("steps, warm-up included, until the rate is lowest; all of the run if left out")
                @Range(min = 1)
                Optional<Long> decaySteps,
        @Doc("the same in tokens, instead of steps") @Range(min = 1) Optional<Long> decayTokens,
        @Doc("the lowest rate, as a share of the highest") @Default("0") @Range(min = 0, max = 1)
                double finalShare,
        @Doc("the lowest rate itself, instead of finalShare") @Range(min = 0)
                Optional<Double> minimumLearningRate)
        implements DecayOptions {}
