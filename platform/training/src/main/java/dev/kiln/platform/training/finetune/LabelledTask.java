package dev.kiln.platform.training.finetune;

import dev.kiln.platform.tasks.HeadBatch;
import dev.kiln.platform.tasks.HeadExample;
import dev.kiln.platform.tasks.HeadScores;
import dev.kiln.platform.training.TrainingTask;
import dev.kiln.platform.training.loop.LoopOptions;
import dev.kiln.platform.training.trainee.Trainee;
import dev.kiln.spi.InvalidInput;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A task with labels, to be answered by a head. */
record LabelledTask(FinetuneOptions options, TaskData data, long seed)
        implements TrainingTask<HeadBatch> {

    private List<HeadExample> training() {
        List<HeadExample> all = data.train().examples();
        int most = options.training().examples().orElse(all.size());
        return all.subList(0, Math.min(most, all.size()));
    }

    private int updatesPerEpoch() {
        FinetuneOptions.Training training = options.training();
        int batches = Math.ceilDiv(training().size(), training.batch());
        return Math.ceilDiv(batches, training.gradientAccumulation());
    }

    @Override
    public LoopOptions loop() {
        return options.loop(updatesPerEpoch());
    }

    @Override
    public Map<String, String> hashes() {
        return data.hashes();
    }

    @Override
    public List<String> notices() {
        return data.cut() == 0
                ? List.of()
                : List.of(
                        String.format(
                                Locale.ROOT,
                                "%,d examples are longer than the context and lost the ends of their texts",
                                data.cut()));
    }

    @Override
    public Lesson<HeadBatch> on(Trainee trainee) {
        checkHead(trainee);
        TaskMeasure measure = new TaskMeasure(trainee, data, options.training().batch());
        return new Lesson<>(
                title(trainee),
                new TaskBatches(trainee.backend(), training(), options.training(), seed),
                new TaskObjective(trainee.language(), options.training().languageModel()),
                measure,
                new TaskReport(measure, updatesPerEpoch(), options.training().epochs()));
    }

    /** A head of the user's may be of another task. */
    private void checkHead(Trainee trainee) {
        List<HeadExample> one = data.train().examples().subList(0, 1);
        int reads = trainee.language().head().statesPerExample();
        if (reads != data.sequences()) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "head: it reads %d states an example, those of task '%s' have %d",
                            reads,
                            data.task().name(),
                            data.sequences()));
        }
        int scores = HeadScores.of(trainee.language(), one, 1).values()[0].length;
        if (scores != data.task().classes()) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "head: it has %d classes, task '%s' has %d",
                            scores,
                            data.task().name(),
                            data.task().classes()));
        }
    }

    private String title(Trainee trainee) {
        return String.format(
                Locale.ROOT,
                "%s on task '%s', %,d training and %,d validation examples, %,d for the test, %s",
                options.from(),
                data.task().name(),
                training().size(),
                data.validation().examples().size(),
                data.test().examples().size(),
                trainee.backend().capabilities().device());
    }
}
