package dev.kiln.platform.training;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.inference.GenerationRequest;
import dev.kiln.platform.inference.PrecisionChoice;
import dev.kiln.platform.training.resume.ResumeRules;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.OneOf;
import dev.kiln.spi.Range;
import dev.kiln.spi.backend.Backend;
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
        @Doc("how text becomes tokens") Choice<Tokenizer> tokenizer,
        @Doc("what is trained") Choice<ModelFamily> model,
        @Doc("what the model learns to predict") @Default("language-model") Choice<TaskHead> head,
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
        @Doc("keeping the state of the run") @Default("{}") Checkpointing checkpoints,
        @Doc("what the model writes at the end") @Default("{}") Samples samples,
        @Doc("who hears of the run's events") @Default("[console, jsonl, tensorboard, plot]")
                List<Choice<RunListener>> listeners,
        @Doc("auto goes on from the run folder's last whole checkpoint, if there is one")
                @Default("never")
                @OneOf({"never", "auto"})
                String resume) {

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
            return new Course(this, context).totalTokens();
        }

        /** Updates of the whole run. */
        public long totalSteps(int context) {
            return new Course(this, context).steps();
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

    /** Keeping the state of the run. */
    public record Checkpointing(
            @Doc("updates between checkpoints; there is one at the end and at each best evaluation")
                    @Default("100")
                    @Range(min = 1)
                    int every,
            @Doc("how many of the last to keep, beside the best") @Default("2") @Range(min = 1)
                    int keep) {}

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
        return new PretrainOptions(
                data,
                tokenizer,
                model,
                head,
                backend,
                precision,
                optimizer,
                schedule,
                training,
                evaluation,
                checkpoints,
                samples,
                listeners,
                "auto");
    }
}
