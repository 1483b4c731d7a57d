package dev.kiln.platform.training;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.run.ResumeOptions;
import dev.kiln.platform.run.RunFolder;
import dev.kiln.platform.training.finetune.Finetune;
import dev.kiln.platform.training.finetune.FinetuneOptions;
import dev.kiln.platform.training.loop.CheckpointOptions;
import dev.kiln.platform.training.trainee.FreezeOptions;
import dev.kiln.platform.training.trainee.LoraOptions;
import dev.kiln.platform.training.trainee.StartingModel;
import dev.kiln.platform.training.trainee.TransferOptions;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.run.RunListener;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.FixedChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A fine-tuning run of a tiny model on {@link LetterTask}, on the reference backend. */
final class TinyTuning {
    private static final List<Answer> ANSWERS =
            List.of(new Answer.Choice(0), new Answer.Choice(1), new Answer.Choice(0));

    private final Path base;
    private final Path folder;
    private long seed = 5;
    private int batch = 4;
    private int accumulation = 1;
    private int epochs = 3;
    private ResumeOptions resume = ResumeOptions.NEVER;
    private ActivationCheckpointing checkpointing = ActivationCheckpointing.NONE;
    private Optional<LoraOptions> lora = Optional.empty();
    private RunListener listener = event -> {};

    /**
     * @param base of a model whose vocabulary is 257
     */
    TinyTuning(Path base, Path folder) {
        this.base = base;
        this.folder = folder;
    }

    TinyTuning seed(long other) {
        seed = other;
        return this;
    }

    TinyTuning batch(int examples, int added) {
        batch = examples;
        accumulation = added;
        return this;
    }

    TinyTuning epochs(int number) {
        epochs = number;
        return this;
    }

    TinyTuning resumeAllowing(String... keys) {
        resume = new ResumeOptions("auto", List.of(keys));
        return this;
    }

    TinyTuning resumeAuto() {
        resume = ResumeOptions.AUTO;
        return this;
    }

    TinyTuning lora(LoraOptions options) {
        lora = Optional.of(options);
        return this;
    }

    TinyTuning checkpointing(ActivationCheckpointing other) {
        checkpointing = other;
        return this;
    }

    TinyTuning listener(RunListener other) {
        listener = other;
        return this;
    }

    /** Dies at the end of a step. */
    TinyTuning killedAfter(long step) {
        return listener(
                event -> {
                    if (event instanceof RunEvent.Step done && done.step() == step) {
                        throw new Runs.Kill();
                    }
                });
    }

    void execute() throws Exception {
        Context context = new InFolder(seed, folder);
        new TrainingRun<>(
                        new Finetune(
                                context,
                                new Configs(),
                                new TrainedModel(new TinyRun.Bytes(), new Configs())),
                        options(),
                        context,
                        new RunFolder(context, new Configs(), "finetune", StartingModel.kept()),
                        (work, run, backend) -> {})
                .execute();
    }

    private record InFolder(long seed, Path runFolder) implements Context {
        @Override
        public Path resolve(String path) {
            return Path.of(path);
        }

        @Override
        public Stream<String> trainingDocuments() {
            throw new InvalidInput("no corpus");
        }
    }

    private FinetuneOptions options() {
        return new FinetuneOptions(
                base.toString(),
                "best",
                new FixedChoice<>("letters", new LetterTask(ANSWERS)),
                Optional.of(new FixedChoice<>("one-state", new OneStateHead(2))),
                "add",
                new TinyRun.BackendChoice(ReferenceBackend::new),
                PrecisionChoice.FLOAT32,
                new FixedChoice<>("adamw", TinyRun::adamW),
                new FixedChoice<>("constant", progress -> 0.03),
                new FinetuneOptions.Training(
                        batch,
                        accumulation,
                        epochs,
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        0.5,
                        checkpointing),
                new FinetuneOptions.EpochEvaluation(Optional.empty()),
                new CheckpointOptions(2, 1),
                TransferOptions.ALL,
                FreezeOptions.NONE,
                lora,
                List.of(new FixedChoice<>("test", listener)),
                resume,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
