package dev.kiln.platform.training.finetune;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.platform.run.ResumeOptions;
import dev.kiln.platform.run.ResumeRules;
import dev.kiln.platform.training.TrainingOptions;
import dev.kiln.platform.training.loop.CheckpointOptions;
import dev.kiln.platform.training.loop.LoopOptions;
import dev.kiln.platform.training.trainee.FreezeOptions;
import dev.kiln.platform.training.trainee.LoraOptions;
import dev.kiln.platform.training.trainee.StartingModel;
import dev.kiln.platform.training.trainee.TraineeRecipe;
import dev.kiln.platform.training.trainee.TransferOptions;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.OneOf;
import dev.kiln.spi.Range;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.spi.training.Schedule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The options of {@code run: finetune}; the defaults are GPT-1's. */
public record FinetuneOptions(
        @Doc("the model to begin with: a run folder or a Hugging Face folder") String from,
        @Doc("which checkpoint of a run folder to take") @Default("best") @OneOf({"best", "last"})
                String checkpoint,
        @Doc("what is learned") Choice<EvalTask> task,
        @Doc("what answers from the model's states; that of the task's kind if left out")
                Optional<Choice<TaskHead>> head,
        @Doc(
                        "add gives the model tokens start, delimiter and extract behind its vocabulary; last takes the last three, as a model has that was fine-tuned before")
                @Default("add")
                @OneOf({"add", "last"})
                String specialTokens,
        @Doc("what computes") @Default("auto") Choice<Backend> backend,
        @Doc(
                        "what activations are kept in; weights and optimizer state are float32 in either; auto is bfloat16 where the backend has it")
                @Default("float32")
                PrecisionChoice precision,
        @Doc("how gradients become updates") @Default("{adamw: {beta2: 0.999, weightDecay: 0.01}}")
                Choice<Optimizer> optimizer,
        @Doc("the learning rate over the run") @Default("warmup-linear") Choice<Schedule> schedule,
        @Doc("batches and the length of the run") @Default("{}") Training training,
        @Doc("measuring on the validation part, after each epoch") @Default("{}")
                EpochEvaluation evaluation,
        @Doc("keeping the state of the run") @Default("{}") CheckpointOptions checkpoints,
        @Doc("what is carried over from the model; the rest begins at random") @Default("{}")
                TransferOptions transfer,
        @Doc("what stays as it is") @Default("{}") FreezeOptions freeze,
        @Doc("train low-rank adapters and the head alone; all that is not frozen if left out")
                Optional<LoraOptions> lora,
        @Doc("who hears of the run's events") @Default("[console, jsonl, tensorboard, plot]")
                List<Choice<RunListener>> listeners,
        @Doc("whether what is in the run folder is continued: never, auto, or a map of options")
                @Default("{}")
                ResumeOptions resume,
        @Doc("what 'from' turned out to be; the run writes it here, nobody else needs to")
                Optional<Choice<ModelFamily>> model,
        @Doc("as model") Optional<Choice<Tokenizer>> tokenizer,
        @Doc("as model: its tokens, the three special ones among them")
                Optional<Integer> vocabulary)
        implements TrainingOptions {

    /** Batches and the length of the run. */
    public record Training(
            @Doc("examples in a batch") @Default("32") @Range(min = 1) int batch,
            @Doc("batches whose gradients are added up for one update")
                    @Default("1")
                    @Range(min = 1)
                    int gradientAccumulation,
            @Doc("how many times the training part is gone through") @Default("3") @Range(min = 1)
                    int epochs,
            @Doc("at most so many training examples, the first ones") @Range(min = 1)
                    Optional<Integer> examples,
            @Doc(
                            "stop after this many minutes, even if updates are left; the schedule is not changed")
                    @Range(min = 0)
                    Optional<Double> minutes,
            @Doc("gradients of a larger norm are scaled down to it; 0 for never")
                    @Default("1.0")
                    @Range(min = 0)
                    double clip,
            @Doc(
                            "what predicting the sequences' own tokens counts beside the task; 0 for not at all")
                    @Default("0.5")
                    @Range(min = 0)
                    double languageModel,
            @Doc(
                            "what is computed anew for the gradients to save memory: blocks costs a third more work and changes no bit")
                    @Default("none")
                    ActivationCheckpointing checkpointing) {}

    /** Measuring on the validation part. */
    public record EpochEvaluation(
            @Doc(
                            "epochs in a row that are no better than the best, after which training ends;"
                                    + " leaving it out means never")
                    @Range(min = 1)
                    Optional<Integer> patience) {}

    /** Which options a resumed run may change: none of them decides what a step learns. */
    static final ResumeRules RESUME =
            new ResumeRules(
                    Set.of(
                            "checkpoints",
                            "evaluation.patience",
                            "listeners",
                            "training.checkpointing",
                            "training.minutes"),
                    Set.of());

    /** These, to go on with what is there. */
    public FinetuneOptions resuming() {
        return with(head, model, tokenizer, vocabulary, ResumeOptions.AUTO);
    }

    /** These, with what is left out as other options of the run have it. */
    FinetuneOptions or(FinetuneOptions kept) {
        return with(
                head.or(kept::head),
                model.or(kept::model),
                tokenizer.or(kept::tokenizer),
                vocabulary.or(kept::vocabulary),
                resume);
    }

    /** These, and what {@code from} turned out to be. */
    FinetuneOptions with(Choice<TaskHead> foundHead, StartingModel found) {
        return with(
                Optional.of(foundHead),
                Optional.of(found.model()),
                Optional.of(found.tokenizer()),
                Optional.of(found.vocabulary()),
                resume);
    }

    private FinetuneOptions with(
            Optional<Choice<TaskHead>> otherHead,
            Optional<Choice<ModelFamily>> otherModel,
            Optional<Choice<Tokenizer>> otherTokenizer,
            Optional<Integer> otherVocabulary,
            ResumeOptions otherResume) {
        return new FinetuneOptions(
                from,
                checkpoint,
                task,
                otherHead,
                specialTokens,
                backend,
                precision,
                optimizer,
                schedule,
                training,
                evaluation,
                checkpoints,
                transfer,
                freeze,
                lora,
                listeners,
                otherResume,
                otherModel,
                otherTokenizer,
                otherVocabulary);
    }

    /** What is trained, once it is known what the model is. */
    TraineeRecipe recipe() {
        return new TraineeRecipe(
                model.orElseThrow(),
                vocabulary.orElseThrow(),
                head.orElseThrow(),
                optimizer,
                freeze,
                lora);
    }

    /**
     * How the steps are taken.
     *
     * @param perEpoch updates of an epoch
     */
    LoopOptions loop(int perEpoch) {
        return new LoopOptions(
                schedule,
                training.clip(),
                training.checkpointing(),
                training.minutes(),
                new LoopOptions.Evaluations(perEpoch, evaluation.patience()),
                checkpoints);
    }
}
