package dev.kiln.platform.comparison;

import dev.kiln.platform.run.ResumeOptions;
import dev.kiln.platform.run.ResumeRules;
import dev.kiln.platform.training.finetune.FinetuneOptions;
import dev.kiln.platform.training.pretrain.PretrainOptions;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.spi.training.Schedule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The options of {@code run: compare}. */
public record CompareOptions(
        @Doc(
                        "how the model is trained, as of the run pretrain; its backend, precision and listeners serve all that follows")
                PretrainOptions pretrain,
        @Doc("what is done") List<Choice<EvalTask>> tasks,
        @Doc("how heads learn a task, from that model and from a random one") @Default("{}")
                Heads heads,
        @Doc("how many solved examples go before a question; each number is measured")
                @Default("[0]")
                List<Integer> shots,
        @Doc("at most so many examples of each task's test part, the first ones") @Range(min = 1)
                Optional<Integer> limit,
        @Doc("samples for the 95 % intervals; 0 for none") @Default("1000") @Range(min = 0)
                int bootstrap,
        @Doc("whether what is in the run folder is continued: never, auto, or a map of options")
                @Default("{}")
                ResumeOptions resume) {

    /** Nothing: what is done already was done by the recipe that is kept. */
    static final ResumeRules RESUME = new ResumeRules(Set.of("pretrain.resume"), Set.of());

    /** How heads learn a task; the defaults are GPT-1's. */
    public record Heads(
            @Doc("how gradients become updates")
                    @Default("{adamw: {beta2: 0.999, weightDecay: 0.01}}")
                    Choice<Optimizer> optimizer,
            @Doc("the learning rate over the run") @Default("warmup-linear")
                    Choice<Schedule> schedule,
            @Doc("batches and the length of the run") @Default("{}")
                    FinetuneOptions.Training training) {}
}
