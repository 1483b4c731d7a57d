package dev.kiln.plugins.schedules;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import java.util.Optional;

/** Options of {@code constant}. */
public record ConstantOptions(
        @Doc("the learning rate") @Default("6e-4") @Range(min = 0, max = 100) double learningRate,
        @Doc("steps of linear warm-up") @Default("0") @Range(min = 0) long warmUpSteps,
        @Doc("the same in tokens, instead of steps") @Range(min = 0) Optional<Long> warmUpTokens) {}
