package dev.kiln.platform.training;

import dev.kiln.platform.run.KeptRecipe;
import dev.kiln.platform.run.ResumeRules;
import dev.kiln.platform.training.trainee.SavedAdapter;
import dev.kiln.platform.training.trainee.StartingModel;
import dev.kiln.spi.backend.Precision;
import java.io.IOException;
import java.util.Optional;

/**
 * What runs that train differ in: where the model comes from, what is read, minimized and measured.
 * Everything else is {@link TrainingRun}'s.
 *
 * @param <O> the run's options
 */
public interface TrainingKind<O extends Record & TrainingOptions> {

    /** Which options a resumed run may change. */
    ResumeRules resumeRules();

    /**
     * Options of a resumed run, with what is left out taken from those that the run wrote.
     *
     * @param kept as the run folder has them
     */
    O complete(O given, O kept);

    /**
     * Finds the model and the data; nothing is allocated on a backend.
     *
     * @param earlier what is continued, if anything
     */
    Opened<O> open(O options, Optional<Earlier> earlier) throws IOException;

    /** A run whose model is known. */
    interface Opened<O> {
        StartingModel start();

        /** The options, with what {@code from} turned out to be. */
        O resolved();

        /** What training does over and over, to find out whether it can be done. */
        TrainingWork work(Precision precision);

        /**
         * Keeps adapters in peft's layout, where there are any.
         *
         * @param recipe how options are spelled
         */
        Optional<SavedAdapter> adapter(KeptRecipe recipe);

        /** Reads what is learned. */
        TrainingTask<?> task(TrainingWork work) throws IOException;
    }
}
