package dev.kiln.platform.training;

import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.platform.run.ResumeOptions;
import dev.kiln.platform.training.trainee.FreezeOptions;
import dev.kiln.platform.training.trainee.LoraOptions;
import dev.kiln.platform.training.trainee.TransferOptions;
import dev.kiln.spi.Choice;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.spi.training.Schedule;
import java.util.List;
import java.util.Optional;

/** What the options of every run that trains have. */
public interface TrainingOptions {
    Choice<Backend> backend();

    PrecisionChoice precision();

    Choice<Optimizer> optimizer();

    Choice<Schedule> schedule();

    TransferOptions transfer();

    FreezeOptions freeze();

    Optional<LoraOptions> lora();

    List<Choice<RunListener>> listeners();

    ResumeOptions resume();
}
