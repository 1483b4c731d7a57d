package dev.kiln.plugins.schedules;

import dev.kiln.spi.Context;
import dev.kiln.spi.training.Schedule;
import dev.kiln.spi.training.ScheduleFactory;
import org.pf4j.Extension;

/**
 * {@code warmup-linear}: the schedule that GPT-1 was fine-tuned with, exactly as the released code
 * has it (finetune-transformer-lm, opt.py). With x = step / steps and warm-up w, the rate is {@code
 * peak · x / w · (1 - x)} for x ≤ w, then {@code peak · (1 - x)}; so the first step's is 0. For a
 * run that needs no such faithfulness, {@code linear} is the better choice.
 */
@Extension
public final class WarmUpLinearFactory implements ScheduleFactory<ShareOptions> {

    @Override
    public String name() {
        return "warmup-linear";
    }

    @Override
    public Class<ShareOptions> options() {
        return ShareOptions.class;
    }

    @Override
    public Schedule create(ShareOptions options, Context context) {
        return progress -> {
            double x = (double) progress.step() / progress.steps();
            double risen = x <= options.warmUp() ? x / options.warmUp() : 1;
            return options.learningRate() * risen * Math.max(0, 1 - x);
        };
    }
}
