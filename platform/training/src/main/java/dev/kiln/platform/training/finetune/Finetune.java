package dev.kiln.platform.training.finetune;

import dev.kiln.platform.models.StoredModel.SavedTokenizer;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.run.KeptRecipe;
import dev.kiln.platform.run.ResumeRules;
import dev.kiln.platform.storage.HuggingFaceFolder;
import dev.kiln.platform.tasks.HeadTask;
import dev.kiln.platform.tasks.InputForm;
import dev.kiln.platform.tasks.SpecialTokens;
import dev.kiln.platform.training.Earlier;
import dev.kiln.platform.training.TrainingKind;
import dev.kiln.platform.training.TrainingTask;
import dev.kiln.platform.training.TrainingWork;
import dev.kiln.platform.training.trainee.SavedAdapter;
import dev.kiln.platform.training.trainee.StartingModel;
import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.evaluation.TaskPart;
import dev.kiln.spi.model.TaskHead;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A trained model learns a task with a head (Radford et al., 2018, section 3). */
public record Finetune(Context context, ConfigFiles configFiles, TrainedModel trained)
        implements TrainingKind<FinetuneOptions> {

    @Override
    public ResumeRules resumeRules() {
        return FinetuneOptions.RESUME;
    }

    @Override
    public FinetuneOptions complete(FinetuneOptions given, FinetuneOptions kept) {
        return given.or(kept);
    }

    @Override
    public Opened<FinetuneOptions> open(FinetuneOptions options, Optional<Earlier> earlier)
            throws IOException {
        HeadTask task = HeadTask.of(options.task().name(), options.task().create(context));
        StartingModel start =
                earlier.flatMap(Earlier::checkpoint).isPresent() ? kept(options) : found(options);
        try {
            return new OpenedTask(
                    context, options.with(head(options, task), start), start, data(task, start));
        } catch (RuntimeException e) {
            start.close();
            throw e;
        }
    }

    /** What the run itself kept: what it began with is not needed any more. */
    private StartingModel kept(FinetuneOptions options) throws IOException {
        String name = options.tokenizer().orElseThrow().name();
        return new StartingModel(
                options.model().orElseThrow(),
                new SavedTokenizer(name, trained.tokenizer(context.runFolder(), name)),
                options.vocabulary().orElseThrow(),
                Optional.empty());
    }

    private StartingModel found(FinetuneOptions options) throws IOException {
        boolean best = options.checkpoint().equals("best");
        StartingModel own = StartingModel.find(options.from(), best, trained, context);
        try {
            StartingModel start = own.with(vocabulary(options, own));
            start.requireAs(
                    options.from(), options.model(), options.tokenizer(), options.vocabulary());
            return start;
        } catch (RuntimeException e) {
            own.close();
            throw e;
        }
    }

    private int vocabulary(FinetuneOptions options, StartingModel own) {
        if (options.specialTokens().equals("add")) {
            return own.vocabulary() + SpecialTokens.COUNT;
        }
        int tokens = own.tokenizer().tokenizer().vocabularySize();
        SpecialTokens.of(context.resolve(options.from()), own.vocabulary(), tokens);
        return own.vocabulary();
    }

    private Choice<TaskHead> head(FinetuneOptions options, HeadTask task) {
        return options.head().orElseGet(() -> usual(task));
    }

    private Choice<TaskHead> usual(HeadTask task) {
        Map<String, Object> head = Map.of(task.classesOption(), task.classes());
        String text = HuggingFaceFolder.json(Map.of("head", Map.of(task.head(), head)));
        return configFiles
                .parse(
                        text,
                        Path.of("the head of task '" + task.name() + "'"),
                        SavedAdapter.Head.class)
                .head();
    }

    private TaskData data(HeadTask task, StartingModel start) {
        InputForm form =
                new InputForm(
                        start.tokenizer().tokenizer(),
                        SpecialTokens.endOf(start.vocabulary()),
                        start.model().create(context).shape(start.vocabulary()).context());
        return new TaskData(
                task,
                task.readAnswered(TaskPart.TRAIN, form),
                task.readAnswered(TaskPart.VALIDATION, form),
                task.read(TaskPart.TEST, form));
    }

    private record OpenedTask(
            Context context, FinetuneOptions resolved, StartingModel start, TaskData data)
            implements Opened<FinetuneOptions> {

        @Override
        public TrainingWork work(Precision precision) {
            TaskInputs inputs =
                    new TaskInputs(
                            data.sequences(), data.longest(), resolved.training().languageModel());
            return new TrainingWork(
                    resolved.recipe(),
                    precision,
                    inputs,
                    resolved.training().batch(),
                    0,
                    resolved.training().checkpointing());
        }

        @Override
        public Optional<SavedAdapter> adapter(KeptRecipe recipe) {
            int vocabulary = resolved.vocabulary().orElseThrow();
            int added = resolved.specialTokens().equals("add") ? SpecialTokens.COUNT : 0;
            return resolved.lora()
                    .map(
                            lora ->
                                    new SavedAdapter(
                                            start.model().create(context),
                                            vocabulary,
                                            vocabulary - added,
                                            resolved.head()
                                                    .map(
                                                            head ->
                                                                    recipe.part(
                                                                            new SavedAdapter.Head(
                                                                                    head))),
                                            lora.settings(resolved.from())));
        }

        @Override
        public TrainingTask<?> task(TrainingWork work) {
            return new LabelledTask(resolved, data, context.seed());
        }
    }
}
