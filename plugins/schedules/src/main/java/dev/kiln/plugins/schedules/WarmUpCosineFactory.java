package dev.kiln.plugins.schedules;

import dev.kiln.spi.Context;
import dev.kiln.spi.training.Schedule;
import dev.kiln.spi.training.ScheduleFactory;
import org.pf4j.Extension;

/**
 * {@code warmup-cosine}: exactly as GPT-1's released code has it (finetune-transformer-lm, opt.py).
 * With x = step / steps and warm-up w, the rate is {@code peak · x / w} for x ≤ w, then {@code peak
 * · (1 + cos(πx)) / 2}: the cosine begins with the run and not, as in {@code cosine}, behind the
 * warm-up. GPT-1 was pre-trained with 2,000 updates of warm-up and a cosine to 0: that is {@code
 * cosine: {warmUpSteps: 2000, finalShare: 0}}.
 */
@Extension
public final class WarmUpCosineFactory implements ScheduleFactory<ShareOptions> {

    @Override
    public String name() {
        return "warmup-cosine";
    }

    @Override
    public Class<ShareOptions> options() {
        return ShareOptions.class;
    }

    @Override
    public Schedule create(ShareOptions options, Context context) {
        return progress -> {
            double x = Math.min(1, (double) progress.step() / progress.steps());
            double share =
                    x <= options.warmUp()
                            ? x / options.warmUp()
                            : 0.5 * (1 + Math.cos(Math.PI * x));
            return options.learningRate() * share;
        };
    }
}
