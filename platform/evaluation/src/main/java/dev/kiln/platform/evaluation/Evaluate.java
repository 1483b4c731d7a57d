package dev.kiln.platform.evaluation;

import dev.kiln.platform.models.Backends;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.models.OpenModel;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.run.Events;
import dev.kiln.platform.run.RunFolder;
import dev.kiln.platform.storage.FolderLock;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.Mixture;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import dev.kiln.spi.data.TokenSource;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskPart;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunEvent;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a model answer tasks. Leaves {@code results.json}, {@code report.html} and {@code
 * requests.txt}, with what the model said, in the run's folder.
 */
public final class Evaluate implements Run {
    private static final Logger LOG = LoggerFactory.getLogger(Evaluate.class);
    private static final String REQUESTS = "requests.txt";
    private static final String RESULTS = "results.json";
    private static final String REPORT = "report.html";

    /** What it leaves. */
    static final Set<String> FILES = Set.of(REQUESTS, RESULTS, REPORT);

    private final EvaluateOptions options;
    private final Context context;
    private final RunFolder folder;
    private final TrainedModel trained;
    private final PrintStream out;
    private final List<Integer> shots;
    private List<TaskScore> scores = List.of();

    Evaluate(
            EvaluateOptions options,
            Context context,
            RunFolder folder,
            TrainedModel trained,
            PrintStream out) {
        this.options = options;
        this.context = context;
        this.folder = folder;
        this.trained = trained;
        this.out = out;
        this.shots = options.shots().stream().distinct().sorted().toList();
    }

    @Override
    public void execute() throws IOException {
        if (options.tasks().isEmpty()) {
            throw new InvalidInput("tasks: none given");
        }
        if (shots.isEmpty() || shots.getFirst() < 0) {
            throw new InvalidInput("shots: expected numbers of at least 0, one or more");
        }
        try (FolderLock _ = folder.lock()) {
            folder.requireOwn();
            evaluate(tasks());
        }
    }

    private void evaluate(List<AskedTask> tasks) throws IOException {
        Path model = context.resolve(options.model());
        try (Backend backend = Backends.create(options.backend(), options.precision(), context);
                OpenModel open =
                        trained.open(
                                model,
                                options.checkpoint().equals("best"),
                                context,
                                backend,
                                options.precision().on(backend),
                                LOG::warn)) {
            Map<String, String> title = title(backend);
            folder.begin(options, backend.capabilities().device(), RunFolder.NOTHING);
            try (RequestCache cache =
                            new RequestCache(
                                    folder.path().resolve(REQUESTS),
                                    title + " " + fingerprint(model));
                    Events events = new Events(options.listeners(), context)) {
                events.during(() -> ask(tasks, open.language(), cache, events, title));
            }
        }
    }

    private void ask(
            List<AskedTask> tasks,
            LanguageModel language,
            RequestCache cache,
            Events events,
            Map<String, String> title)
            throws IOException {
        long begin = System.nanoTime();
        scores = scores(tasks, language, cache, events);
        double seconds = (System.nanoTime() - begin) / 1e9;
        LOG.info("asked and scored in {} s", String.format(Locale.ROOT, "%.1f", seconds));
        report(new Report(title, scores, seconds));
        events.tell(new RunEvent.Finished("run folder: " + folder.path()));
    }

    /** What was measured, task by task and shots by shots; nothing before the end of the run. */
    public List<TaskScore> scores() {
        return scores;
    }

    private void report(Report report) throws IOException {
        report.print(out);
        report.write(folder.path().resolve(RESULTS));
        folder.write(REPORT, new Page(report).html());
        out.println(RESULTS + ", " + REPORT + ": " + folder.path());
    }

    private Map<String, String> title(Backend backend) {
        Map<String, String> title = new LinkedHashMap<>();
        title.put("model", options.model());
        title.put("checkpoint", options.checkpoint());
        title.put("backend", backend.capabilities().device());
        title.put("precision", options.precision().on(backend).name().toLowerCase(Locale.ROOT));
        return title;
    }

    /** Changes with every file of weights and of a tokenizer. */
    private static String fingerprint(Path model) throws IOException {
        try (Stream<Path> files = Files.walk(model)) {
            return files.filter(file -> file.toString().matches(".*\\.(safetensors|bin|json|txt)"))
                    .sorted()
                    .map(Evaluate::state)
                    .collect(Collectors.joining(" "));
        }
    }

    private static String state(Path file) {
        return file.toAbsolutePath()
                + ":"
                + file.toFile().length()
                + ":"
                + file.toFile().lastModified();
    }

    private List<AskedTask> tasks() {
        Map<String, Integer> seen = new HashMap<>();
        List<AskedTask> tasks = new ArrayList<>();
        for (Choice<EvalTask> choice : options.tasks()) {
            int count = seen.merge(choice.name(), 1, Integer::sum);
            String name = count == 1 ? choice.name() : choice.name() + "-" + count;
            EvalTask task = choice.create(context);
            PromptForm form =
                    new PromptForm(
                            name,
                            task,
                            Optional.ofNullable(options.prompts().get(name))
                                    .orElseGet(task::prompt));
            tasks.add(
                    AskedTask.of(form, options.part(), options.limit().orElse(Integer.MAX_VALUE)));
        }
        for (String name : options.prompts().keySet()) {
            if (tasks.stream().noneMatch(task -> task.form().name().equals(name))) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "prompts: no task is named '%s'; there are %s",
                                name,
                                tasks.stream()
                                        .map(task -> task.form().name())
                                        .collect(Collectors.joining(", "))));
            }
        }
        return tasks;
    }

    /** A task with what its training part gives, which is read once and not kept. */
    private record Prepared(AskedTask task, Shots solved, Contamination.Result contamination) {}

    private List<TaskScore> scores(
            List<AskedTask> tasks, LanguageModel language, RequestCache cache, Events events) {
        Answers answers = new Answers(language, cache, options.batch());
        RequestEncoder encoder =
                new RequestEncoder(language.tokenizer(), language.model().shape().context());
        List<Prepared> all = tasks.stream().map(task -> prepare(task, encoder)).toList();
        int steps = all.stream().mapToInt(some -> some.task().shots(shots).size()).sum();
        events.tell(new RunEvent.Started(title(all, language), 0, steps));
        List<TaskScore> scores = new ArrayList<>();
        for (Prepared prepared : all) {
            for (int count : prepared.task().shots(shots)) {
                scores.add(score(prepared, count, encoder, answers));
                events.tell(new RunEvent.Measured(scores.size(), scores.getLast().named()));
            }
        }
        return scores;
    }

    private String title(List<Prepared> all, LanguageModel language) {
        return String.format(
                Locale.ROOT,
                "%s on %s, %s",
                options.model(),
                all.stream()
                        .map(some -> some.task().form().name())
                        .collect(Collectors.joining(", ")),
                language.backend().capabilities().device());
    }

    private Prepared prepare(AskedTask task, RequestEncoder encoder) {
        List<Example> training = training(task);
        Shots solved = draw(task, training, encoder);
        try (Stream<String> corpus = corpus()) {
            return new Prepared(task, solved, task.contamination(training, corpus));
        }
    }

    /** Where no solved examples are asked for, a task does without a training part. */
    private List<Example> training(AskedTask task) {
        try {
            return task.form().task().examples(TaskPart.TRAIN);
        } catch (InvalidInput e) {
            if (task.shots(shots).getLast() > 0) {
                throw e;
            }
            LOG.warn(
                    "{}: no overlap with its training part: {}",
                    task.form().name(),
                    e.getMessage());
            return List.of();
        }
    }

    private Shots draw(AskedTask task, List<Example> training, RequestEncoder encoder) {
        int most = task.shots(shots).getLast();
        Shots solved = Shots.draw(task.form(), training, task.examples(), most, context.seed());
        Example shortest =
                task.examples().stream()
                        .min(
                                Comparator.comparingInt(
                                        example -> task.form().question(example).length()))
                        .orElseThrow();
        int fitting =
                solved.before(shortest)
                        .fitting(most, task.form().question(shortest), encoder, encoder.length());
        if (fitting < most) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "shots: %d solved examples of task '%s' fit before none of its questions in the"
                                    + " model's context of %,d tokens; at most %d do",
                            most,
                            task.form().name(),
                            encoder.length(),
                            fitting));
        }
        return solved;
    }

    private TaskScore score(Prepared prepared, int count, RequestEncoder encoder, Answers answers) {
        AskedTask task = prepared.task();
        List<Example> examples = task.examples();
        LOG.info("{}, {} shots: {} examples", task.form().name(), count, examples.size());
        TaskEvaluation evaluation =
                new TaskEvaluation(
                        task.form(),
                        examples,
                        prepared.solved(),
                        count,
                        encoder,
                        answers,
                        options.maxTokens());
        List<Measure> measures = evaluation.measures();
        int[] clean = prepared.contamination().clean();
        return new TaskScore(
                task.form().name(),
                task.form().task().kind(),
                task.part(),
                count,
                examples.size(),
                Figure.of(
                        measures,
                        examples.size(),
                        options.bootstrap(),
                        Randomness.key(context.seed(), "bootstrap")),
                evaluation.counts(),
                prepared.contamination(),
                clean.length == 0 ? Double.NaN : measures.getFirst().figure().of(clean));
    }

    private Stream<String> corpus() {
        return options.data().map(data -> told(data.create(context))).orElse(Stream.empty());
    }

    /** The documents; at their end, what the source has to say of them. */
    private static Stream<String> told(DataSource source) {
        return documents(source).onClose(() -> source.notices().forEach(LOG::warn));
    }

    private static Stream<String> documents(DataSource source) {
        return switch (source) {
            case TextSource texts -> texts.documents(Split.TRAIN);
            case Mixture mixture ->
                    mixture.parts().stream().flatMap(part -> documents(part.source()));
            case TokenSource _ ->
                    throw new InvalidInput(
                            "data: tokens have no words to compare the tasks' examples with");
        };
    }
}
