package dev.kiln.platform.evaluation;

import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.OneOf;
import dev.kiln.spi.Range;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskPart;
import dev.kiln.spi.run.RunListener;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options of {@code run: evaluate}. */
public record EvaluateOptions(
        @Doc("what is measured: a run folder or a Hugging Face folder") String model,
        @Doc("which checkpoint of a run folder to take") @Default("best") @OneOf({"best", "last"})
                String checkpoint,
        @Doc("what computes") @Default("auto") Choice<Backend> backend,
        @Doc("what activations are kept in; auto is bfloat16 where the backend has it")
                @Default("float32")
                PrecisionChoice precision,
        @Doc("what it is measured by") List<Choice<EvalTask>> tasks,
        @Doc("the part to report on; if left out, test where it has answers, else validation")
                Optional<TaskPart> part,
        @Doc("how many solved examples go before a question; each number is measured")
                @Default("[0]")
                List<Integer> shots,
        @Doc("at most so many examples of each task, the first ones") @Range(min = 1)
                Optional<Integer> limit,
        @Doc("how many sequences go through the model side by side") @Default("16") @Range(min = 1)
                int batch,
        @Doc("most tokens of an answer that the model writes") @Default("32") @Range(min = 1)
                int maxTokens,
        @Doc("samples for the 95 % intervals; 0 for none") @Default("1000") @Range(min = 0)
                int bootstrap,
        @Doc("prompts that stand for the tasks' own, by the tasks' names") @Default("{}")
                Map<String, Prompt> prompts,
        @Doc("what the model was trained on, to look for the tasks' examples in")
                Optional<Choice<DataSource>> data,
        @Doc("listeners of the run's events") @Default("[]") List<Choice<RunListener>> listeners) {}
