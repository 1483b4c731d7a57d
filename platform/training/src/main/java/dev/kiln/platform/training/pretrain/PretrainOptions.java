package dev.kiln.platform.training.pretrain;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.inference.GenerationRequest;
import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.platform.run.ResumeOptions;
import dev.kiln.platform.run.ResumeRules;
import dev.kiln.platform.training.TrainingOptions;
import dev.kiln.platform.training.TrainingWork;
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
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.OneOf;
import dev.kiln.spi.Range;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.generation.Sampler;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.spi.training.Schedule;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The options of {@code run: pretrain}. */
public record PretrainOptions(
        @Doc("what to learn from") Choice<DataSource> data,
        @Doc(
                        "the model to begin with: a run folder or a Hugging Face folder; one at random if left out")
                Optional<String> from,
        @Doc("which checkpoint of a run folder to take") @Default("best") @OneOf({"best", "last"})
                String checkpoint,
        @Doc("how text becomes tokens; left out where 'from' says it")
                Optional<Choice<Tokenizer>> tokenizer,
        @Doc("what is trained; left out where 'from' says it") Optional<Choice<ModelFamily>> model,
        @Doc("what the model learns to predict") @Default("language-model") Choice<TaskHead> head,
        @Doc("what is carried over from the model; the rest begins at random") @Default("{}")
                TransferOptions transfer,
        @Doc("what stays as it is") @Default("{}") FreezeOptions freeze,
        @Doc("train low-rank adapters alone; all that is not frozen if left out")
                Optional<LoraOptions> lora,
        @Doc("what computes") @Default("auto") Choice<Backend> backend,
        @Doc(
                        "what activations are kept in; weights and optimizer state are float32 in either; auto is bfloat16 where the backend has it")
                @Default("float32")
                PrecisionChoice precision,
        @Doc("how gradients become updates") @Default("adamw") Choice<Optimizer> optimizer,
        @Doc("the learning rate over the run") @Default("cosine") Choice<Schedule> schedule,
        @Doc("batches and the length of the run") @Default("{}") Training training,
        @Doc("measuring on held-out text; a mixture in total by its weights, and each part")
                @Default("{}")
                Evaluation evaluation,
        @Doc("keeping the state of the run") @Default("{}") CheckpointOptions checkpoints,
        @Doc("what the model writes at the end") @Default("{}") Samples samples,
        @Doc("who hears of the run's events") @Default("[console, jsonl, tensorboard, plot]")
                List<Choice<RunListener>> listeners,
        @Doc("whether what is in the run folder is continued: never, auto, or a map of options")
                @Default("{}")
                ResumeOptions resume,
        @Doc("tokens that 'from' knows; the run writes it here, nobody else needs to")
                Optional<Integer> vocabulary)
        implements TrainingOptions {

    /**
     * @throws InvalidInput when nothing says what the model is
     */
    public PretrainOptions {
        if (from.isEmpty() && (model.isEmpty() || tokenizer.isEmpty())) {
            String missing = model.isEmpty() ? "model" : "tokenizer";
            throw new InvalidInput(
                    missing + ": is missing, and there is no 'from' that could say it");
        }
        if (from.isEmpty() && lora.isPresent()) {
            throw new InvalidInput("lora: there is no model in 'from' to adapt");
        }
    }

    /** Which options a resumed run may change: none of them decides what a step learns. */
    static final ResumeRules RESUME =
            new ResumeRules(
                    Set.of(
                            "checkpoints",
                            "evaluation.batch",
                            "evaluation.every",
                            "evaluation.patience",
                            "listeners",
                            "samples",
                            "training.checkpointing",
                            "training.minutes"),
                    Set.of("training.steps", "training.tokens"));

    /** Batches and the length of the run. */
    public record Training(
            @Doc("sequences in a batch, each as long as the model's context")
                    @Default("32")
                    @Range(min = 1)
                    int batch,
            @Doc("batches whose gradients are added up for one update")
                    @Default("1")
                    @Range(min = 1)
                    int gradientAccumulation,
            @Doc("end after this many updates") @Range(min = 1) Optional<Long> steps,
            @Doc("end after this many tokens, rounded up to a whole update") @Range(min = 1)
                    Optional<Long> tokens,
            @Doc(
                            "stop after this many minutes, even if updates are left; the schedule is not changed")
                    @Range(min = 0)
                    Optional<Double> minutes,
            @Doc("gradients of a larger norm are scaled down to it; 0 for never")
                    @Default("1.0")
                    @Range(min = 0)
                    double clip,
            @Doc("updates of fewer tokens at the beginning, as GPT-3 had; all are full if left out")
                    Optional<BatchRamp> batchRamp,
            @Doc(
                            "what is computed anew for the gradients to save memory: blocks costs a third more work and changes no bit")
                    @Default("none")
                    ActivationCheckpointing checkpointing) {

        public Training {
            if (steps.isEmpty() && tokens.isEmpty()) {
                throw new InvalidInput(
                        "how long to train is not said: give training.steps or training.tokens");
            }
        }

        /** Tokens of the whole run. */
        public long totalTokens(int context) {
            return TextPlan.of(this, context).length(0, 0).tokens();
        }

        /** Updates of the whole run. */
        public long totalSteps(int context) {
            return TextPlan.of(this, context).length(0, 0).steps();
        }
    }

    /** Updates that grow with the tokens seen, in a straight line and in whole batches. */
    public record BatchRamp(
            @Doc("tokens of the first update, at least one batch: batch · context") @Range(min = 1)
                    long from,
            @Doc("tokens until updates are full: batch · gradientAccumulation · context tokens")
                    @Range(min = 1)
                    long over) {

        public BatchRamp {
            if (from < 1 || over < 1) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "training.batchRamp: expected at least 1 token, found from %d and over %d",
                                from,
                                over));
            }
        }
    }

    /** Measuring on held-out text. */
    public record Evaluation(
            @Doc("updates between evaluations; there is one at the end in any case")
                    @Default("100")
                    @Range(min = 1)
                    int every,
            @Doc("most held-out tokens to measure, of a mixture each part's share; all if left out")
                    @Range(min = 1)
                    Optional<Long> tokens,
            @Doc("sequences in a batch") @Default("32") @Range(min = 1) int batch,
            @Doc(
                            "evaluations in a row that are no better than the best, after which training"
                                    + " ends; leaving it out means never")
                    @Range(min = 1)
                    Optional<Integer> patience) {}

    /** What the model writes at the end. */
    public record Samples(
            @Doc("texts to go on from; the data source's own prompts if left out")
                    Optional<List<String>> prompts,
            @Doc("whether prompts spell special tokens that are then taken as such")
                    @Default("false")
                    boolean specialTokens,
            @Doc("most tokens to write for each; 0 for no samples") @Default("48") @Range(min = 0)
                    int maxTokens,
            @Doc("texts that end a sample") @Default("[]") List<String> stop,
            @Doc("how the next token is chosen") @Default("sample") Choice<Sampler> sampler) {

        public Samples {
            GenerationRequest.checkStop("samples.stop", stop);
        }
    }

    /** These, to go on with what is there. */
    public PretrainOptions resuming() {
        return with(model, tokenizer, vocabulary, ResumeOptions.AUTO);
    }

    /** These, with what is left out as other options of the run have it. */
    PretrainOptions or(PretrainOptions kept) {
        return from.isEmpty()
                ? this
                : with(
                        model.or(kept::model),
                        tokenizer.or(kept::tokenizer),
                        vocabulary.or(kept::vocabulary),
                        resume);
    }

    /** These, and what {@code from} turned out to be. */
    PretrainOptions with(StartingModel found) {
        return with(
                Optional.of(found.model()),
                Optional.of(found.tokenizer()),
                Optional.of(found.vocabulary()),
                resume);
    }

    private PretrainOptions with(
            Optional<Choice<ModelFamily>> otherModel,
            Optional<Choice<Tokenizer>> otherTokenizer,
            Optional<Integer> otherVocabulary,
            ResumeOptions otherResume) {
        return new PretrainOptions(
                data,
                from,
                checkpoint,
                otherTokenizer,
                otherModel,
                head,
                transfer,
                freeze,
                lora,
                backend,
                precision,
                optimizer,
                schedule,
                training,
                evaluation,
                checkpoints,
                samples,
                listeners,
                otherResume,
                otherVocabulary);
    }

    /**
     * What is trained.
     *
     * @param found what the model is
     * @param tokens that it knows
     */
    public TraineeRecipe recipe(Choice<ModelFamily> found, int tokens) {
        return new TraineeRecipe(found, tokens, head, optimizer, freeze, lora);
    }

    /** How the steps are taken. */
    LoopOptions loop() {
        return new LoopOptions(
                schedule,
                training.clip(),
                training.checkpointing(),
                training.minutes(),
                new LoopOptions.Evaluations(evaluation.every(), evaluation.patience()),
                checkpoints);
    }

    /** What training does over and over. */
    public TrainingWork work(TraineeRecipe recipe, Precision on, int context) {
        return new TrainingWork(
                recipe,
                on,
                new TextInputs(context),
                training.batch(),
                evaluation.batch(),
                training.checkpointing());
    }
}
