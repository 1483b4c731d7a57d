package dev.kiln.platform.training.pretrain;

import dev.kiln.platform.training.TrainingTask;
import dev.kiln.platform.training.corpus.Corpus;
import dev.kiln.platform.training.corpus.MixedWindows;
import dev.kiln.platform.training.loop.LoopOptions;
import dev.kiln.platform.training.trainee.Trainee;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A corpus, to learn to predict the next token of.
 *
 * @param model its name, for the title
 */
record TextTask(
        PretrainOptions options, String model, Corpus corpus, SampleRequest samples, long seed)
        implements TrainingTask<TextBatch> {

    @Override
    public LoopOptions loop() {
        return options.loop();
    }

    @Override
    public Map<String, String> hashes() {
        return corpus.hashes();
    }

    @Override
    public List<String> notices() {
        return corpus.notices();
    }

    @Override
    public Lesson<TextBatch> on(Trainee trainee) {
        int length = trainee.model().shape().context();
        MixedWindows windows = new MixedWindows(corpus, length, seed);
        HeldOutParts heldOut =
                new HeldOutParts(
                        corpus, trainee.language(), trainee::adapted, options.evaluation());
        TextMeasure measure = new TextMeasure(heldOut);
        return new Lesson<>(
                title(trainee, heldOut),
                new TextBatches(trainee.backend(), windows, options.training(), length),
                new TextObjective(trainee.language()),
                measure,
                new TextReport(samples, trainee, measure, corpus, windows));
    }

    private String title(Trainee trainee, HeldOutParts heldOut) {
        return String.format(
                Locale.ROOT,
                "%s, %,d parameters, on %s: %,d training tokens, %,d held out, %s",
                model,
                trainee.parameters().count(),
                options.data().name(),
                corpus.trainingTokens(),
                heldOut.size(),
                trainee.backend().capabilities().device());
    }
}
