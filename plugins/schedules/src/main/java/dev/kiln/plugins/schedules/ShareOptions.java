package dev.kiln.plugins.schedules;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Range;
import java.util.Locale;

/** Options of {@code warmup-linear} and {@code warmup-cosine}. */
public record ShareOptions(
        @Doc("what the schedule is multiplied by; GPT-1 was fine-tuned with 6.25e-5")
                @Default("6.25e-5")
                @Range(min = 0, max = 100)
                double learningRate,
        @Doc("warm-up as a share of the run's steps") @Default("0.002") @Range(min = 0, max = 1)
                double warmUp) {

    public ShareOptions {
        if (!(warmUp > 0 && warmUp <= 1)) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "schedule: warmUp is %s, expected a share of the run, greater than 0 and at most 1",
                            warmUp));
        }
    }
}
