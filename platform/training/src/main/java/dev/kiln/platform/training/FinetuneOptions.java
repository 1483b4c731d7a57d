package dev.kiln.platform.training;

import dev.kiln.platform.inference.PrecisionChoice;
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
        @Doc("what is carried over from the model; the rest begins at random") @Default("{}")
                Transfer transfer,
        @Doc("what stays as it is") @Default("{}") Freeze freeze,
        @Doc("train low-rank adapters and the head alone; all that is not frozen if left out")
                Optional<Lora> lora,
        @Doc("who hears of the run's events") @Default("[console, jsonl, tensorboard, plot]")
                List<Choice<RunListener>> listeners,
        @Doc("what 'from' turned out to be; the run writes it here, nobody else needs to")
                Optional<Choice<ModelFamily>> model,
        @Doc("as model") Optional<Choice<Tokenizer>> tokenizer,
        @Doc("as model: its tokens, the three special ones among them")
                Optional<Integer> vocabulary) {

    /** Batches and the length of the run. */
    public record Training(
            @Doc("examples in a batch") @Default("32") @Range(min = 1) int batch,
            @Doc("how many times the training part is gone through") @Default("3") @Range(min = 1)
                    int epochs,
            @Doc("at most so many training examples, the first ones") @Range(min = 1)
                    Optional<Integer> examples,
            @Doc("gradients of a larger norm are scaled down to it; 0 for never")
                    @Default("1.0")
                    @Range(min = 0)
                    double clip,
            @Doc(
                            "what predicting the sequences' own tokens counts beside the task; 0 for not at all")
                    @Default("0.5")
                    @Range(min = 0)
                    double languageModel) {}

    /** Measuring on the validation part. */
    public record EpochEvaluation(
            @Doc(
                            "epochs in a row that are no better than the best, after which training ends;"
                                    + " leaving it out means never")
                    @Range(min = 1)
                    Optional<Integer> patience) {}

    /** What is carried over. */
    public record Transfer(
            @Doc("the first so many layers; all if left out") @Range(min = 0)
                    Optional<Integer> layers,
            @Doc("what is in no layer: embeddings, a final norm") @Default("true")
                    boolean embeddings) {}

    /** What stays as it is. */
    public record Freeze(
            @Doc("the first so many layers") @Default("0") @Range(min = 0) int layers,
            @Doc("embeddings, the special tokens' among them, and a final norm") @Default("false")
                    boolean embeddings) {}

    /** Low-rank adapters (Hu et al., 2022). */
    public record Lora(
            @Doc("columns of A and rows of B") @Default("8") @Range(min = 1) int rank,
            @Doc("the change A · B is multiplied by alpha / rank") @Default("16") @Range(min = 0)
                    double alpha,
            @Doc(
                            "ends of the names of matrices that get an adapter, such as c_attn or h.0.mlp.c_fc")
                    @Default("[attn.c_attn]")
                    List<String> targets,
            @Doc("dropout of what goes into the adapters") @Default("0") @Range(min = 0, max = 0.99)
                    double dropout) {}

    /** These, and what {@code from} turned out to be. */
    FinetuneOptions with(
            Choice<TaskHead> foundHead,
            Choice<ModelFamily> foundModel,
            Choice<Tokenizer> foundTokenizer,
            int foundVocabulary) {
        return new FinetuneOptions(
                from,
                checkpoint,
                task,
                Optional.of(foundHead),
                specialTokens,
                backend,
                precision,
                optimizer,
                schedule,
                training,
                evaluation,
                transfer,
                freeze,
                lora,
                listeners,
                Optional.of(foundModel),
                Optional.of(foundTokenizer),
                Optional.of(foundVocabulary));
    }
}
