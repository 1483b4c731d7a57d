package dev.kiln.platform.training;

import dev.kiln.platform.inference.Backends;
import dev.kiln.platform.inference.StoredModel;
import dev.kiln.platform.inference.TrainedModel;
import dev.kiln.platform.inference.heads.HeadTask;
import dev.kiln.platform.inference.heads.InputForm;
import dev.kiln.platform.inference.heads.SpecialTokens;
import dev.kiln.platform.storage.FolderLock;
import dev.kiln.platform.storage.HuggingFaceFolder;
import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.evaluation.TaskPart;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts of a fine-tuning run together and lets it go. */
final class Finetune implements Run {
    private static final Logger LOG = LoggerFactory.getLogger(Finetune.class);

    private final FinetuneOptions options;
    private final Context context;
    private final ConfigFiles configFiles;
    private final TrainedModel trained;
    private final RunFolder folder;

    /** What the config of a task's head amounts to. */
    record Head(Choice<TaskHead> head) {}

    Finetune(
            FinetuneOptions options,
            Context context,
            ConfigFiles configFiles,
            TrainedModel trained) {
        this.options = options;
        this.context = context;
        this.configFiles = configFiles;
        this.trained = trained;
        folder = new RunFolder(context, configFiles, "finetune");
    }

    @Override
    public void execute() throws IOException {
        try (FolderLock _ = folder.lock()) {
            folder.requireFree(false, "out=FOLDER to begin another");
            run();
        }
    }

    private void run() throws IOException {
        Path from = context.resolve(options.from());
        boolean best = options.checkpoint().equals("best");
        try (Backend backend = Backends.create(options.backend(), options.precision(), context);
                StoredModel stored = trained.find(from, best, context, LOG::warn);
                Scope scope = backend.scope()) {
            StoredModel.SavedTokenizer tokenizer = tokenizer(stored);
            int vocabulary = vocabulary(stored, tokenizer.tokenizer().vocabularySize());
            HeadTask task = HeadTask.of(options.task().name(), options.task().create(context));
            FinetuneOptions whole = options.with(head(task), stored.model(), tokenizer, vocabulary);
            checkSame(whole);
            ModelShape shape = stored.model().create(context).shape(vocabulary);
            TaskData data = data(task, tokenizer, vocabulary, shape.context());
            Pupil pupil = Pupil.create(whole, context, stored, backend, scope);
            pupil.checkHead(data);
            folder.begin(whole, tokenizer.tokenizer(), backend.capabilities().device());
            try (Events events = new Events(options.listeners(), context)) {
                train(whole, pupil, data, events);
            }
        }
    }

    private static StoredModel.SavedTokenizer tokenizer(StoredModel stored) {
        return stored.tokenizer()
                .orElseThrow(
                        () ->
                                new InvalidInput(
                                        stored.text().problem().orElseThrow()
                                                + ", and a task needs one"));
    }

    private int vocabulary(StoredModel stored, int tokens) {
        if (options.specialTokens().equals("add")) {
            return stored.vocabulary() + SpecialTokens.COUNT;
        }
        SpecialTokens.of(stored.folder(), stored.vocabulary(), tokens);
        return stored.vocabulary();
    }

    private Choice<TaskHead> head(HeadTask task) {
        return options.head().orElseGet(() -> usual(task));
    }

    private Choice<TaskHead> usual(HeadTask task) {
        Map<String, Object> head = Map.of(task.classesOption(), task.classes());
        String text = HuggingFaceFolder.json(Map.of("head", Map.of(task.head(), head)));
        return configFiles
                .parse(text, Path.of("the head of task '" + task.name() + "'"), Head.class)
                .head();
    }

    /** A config that a run wrote says what it found, which must be found again. */
    private void checkSame(FinetuneOptions whole) {
        if (options.model().isPresent() && !options.model().equals(whole.model())) {
            throw new InvalidInput(options.from() + ": its model is not the one of the config");
        }
        if (options.vocabulary().isPresent() && !options.vocabulary().equals(whole.vocabulary())) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: gives a vocabulary of %,d, the config says %,d",
                            options.from(),
                            whole.vocabulary().orElseThrow(),
                            options.vocabulary().get()));
        }
    }

    private static TaskData data(
            HeadTask task, StoredModel.SavedTokenizer tokenizer, int vocabulary, int length) {
        InputForm form =
                new InputForm(tokenizer.tokenizer(), SpecialTokens.endOf(vocabulary), length);
        return new TaskData(
                task,
                task.readAnswered(TaskPart.TRAIN, form),
                task.readAnswered(TaskPart.VALIDATION, form),
                task.read(TaskPart.TEST, form));
    }

    private void train(FinetuneOptions whole, Pupil pupil, TaskData data, Events events)
            throws IOException {
        try {
            new FinetuneLoop(whole, context, pupil, data, folder, events).run();
        } catch (IOException | RuntimeException e) {
            events.tell(new RunEvent.Failed(String.valueOf(e.getMessage())));
            throw e;
        }
    }
}
