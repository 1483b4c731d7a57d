package dev.kiln.plugins.schedules;

import dev.kiln.spi.InvalidInput;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** What {@code linear} and {@code cosine} both let the user choose; they differ in defaults. */
interface DecayOptions {
    double learningRate();

    long warmUpSteps();

    Optional<Long> warmUpTokens();

    Optional<Long> decaySteps();

    Optional<Long> decayTokens();

    double finalShare();

    Optional<Double> minimumLearningRate();

    /**
     * @throws InvalidInput when the options contradict each other
     */
    default WarmUpThenDecay schedule(DoubleUnaryOperator decay) {
        double least = minimumLearningRate().orElse(finalShare() * learningRate());
        if (least > learningRate()) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "schedule: minimumLearningRate is %s, expected at most the learningRate, %s",
                            least,
                            learningRate()));
        }
        Span span = Span.of(warmUpSteps(), warmUpTokens(), decaySteps(), decayTokens());
        return new WarmUpThenDecay(learningRate(), least, span, decay);
    }
}
