package dev.kiln.platform.training;

import dev.kiln.platform.training.loop.Batches;
import dev.kiln.platform.training.loop.LoopOptions;
import dev.kiln.platform.training.loop.Measure;
import dev.kiln.platform.training.loop.Objective;
import dev.kiln.platform.training.loop.Output;
import dev.kiln.platform.training.loop.TrainingLoop;
import dev.kiln.platform.training.trainee.Trainee;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What a run learns: read, but not yet on a backend.
 *
 * @param <B> a batch on a backend
 */
public interface TrainingTask<B> {

    LoopOptions loop();

    /** What tells the data from others, by name. */
    Map<String, String> hashes();

    /** What the user should know, a line each. */
    List<String> notices();

    /** What is learned by a trainee. */
    Lesson<B> on(Trainee trainee);

    /**
     * What a trainee learns.
     *
     * @param title one line that says what runs
     * @param report what is told at the end
     */
    record Lesson<B>(
            String title,
            Batches<B> batches,
            Objective<B> objective,
            Measure measure,
            LessonReport report) {}

    /** Tells how a run went. */
    @FunctionalInterface
    interface LessonReport {
        void write(TrainingLoop<?> loop, Output output) throws IOException;
    }
}
