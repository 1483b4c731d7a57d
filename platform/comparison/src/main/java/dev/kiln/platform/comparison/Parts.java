package dev.kiln.platform.comparison;

import dev.kiln.platform.evaluation.Evaluate;
import dev.kiln.platform.evaluation.EvaluateFactory;
import dev.kiln.platform.evaluation.EvaluateOptions;
import dev.kiln.platform.run.ResumeOptions;
import dev.kiln.platform.training.finetune.FinetuneFactory;
import dev.kiln.platform.training.finetune.FinetuneOptions;
import dev.kiln.platform.training.pretrain.PretrainFactory;
import dev.kiln.platform.training.pretrain.PretrainOptions;
import dev.kiln.platform.training.trainee.FreezeOptions;
import dev.kiln.platform.training.trainee.TransferOptions;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.TaskPart;
import dev.kiln.spi.run.Run;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The runs that a comparison is made of, each in a folder below the comparison's. */
record Parts(
        CompareOptions options,
        Context context,
        PretrainFactory pretrain,
        FinetuneFactory finetune,
        EvaluateFactory evaluate) {
    private static final int SEQUENCES = 16;
    private static final int WRITTEN_TOKENS = 32;

    /** What a head starts from. */
    enum Start {
        PRETRAINED(TransferOptions.ALL),
        RANDOM(new TransferOptions(Optional.of(0), false));

        private final TransferOptions transfer;

        Start(TransferOptions transfer) {
            this.transfer = transfer;
        }
    }

    /** The context of a part: another folder. */
    private record Below(Context run, Path runFolder) implements Context {
        @Override
        public long seed() {
            return run.seed();
        }

        @Override
        public Path resolve(String path) {
            return run.resolve(path);
        }

        @Override
        public Stream<String> trainingDocuments() {
            return run.trainingDocuments();
        }

        @Override
        public Stream<String> heldOutDocuments() {
            return run.heldOutDocuments();
        }
    }

    private Context below(Path folder) {
        return new Below(context, folder);
    }

    Path model() {
        return context.runFolder().resolve("model");
    }

    /** What the model's training ran on. */
    Path environment() {
        return model().resolve("environment.txt");
    }

    Path head(Choice<EvalTask> task, Start start) {
        String end = start == Start.RANDOM ? "-random-start" : "";
        return context.runFolder().resolve(task.name() + end);
    }

    Path prompts() {
        return context.runFolder().resolve("prompts");
    }

    /** Trains the model, or what is left of its training. */
    Run pretraining() {
        return pretrain.create(options.pretrain().resuming(), below(model()));
    }

    Run finetuning(Choice<EvalTask> task, Start start) {
        PretrainOptions before = options.pretrain();
        CompareOptions.Heads heads = options.heads();
        return finetune.create(
                new FinetuneOptions(
                        model().toString(),
                        "best",
                        task,
                        Optional.empty(),
                        "add",
                        before.backend(),
                        before.precision(),
                        heads.optimizer(),
                        heads.schedule(),
                        heads.training(),
                        new FinetuneOptions.EpochEvaluation(Optional.empty()),
                        before.checkpoints(),
                        start.transfer,
                        FreezeOptions.NONE,
                        Optional.empty(),
                        before.listeners(),
                        ResumeOptions.AUTO,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                below(head(task, start)));
    }

    /** Asks the model all tasks, or what a run before has not asked. */
    Evaluate asking() {
        return evaluate.create(
                new EvaluateOptions(
                        model().toString(),
                        "best",
                        options.pretrain().backend(),
                        options.pretrain().precision(),
                        options.tasks(),
                        Optional.of(TaskPart.TEST),
                        options.shots(),
                        options.limit(),
                        SEQUENCES,
                        WRITTEN_TOKENS,
                        options.bootstrap(),
                        Map.of(),
                        Optional.of(options.pretrain().data()),
                        List.of()),
                below(prompts()));
    }
}
