package dev.kiln.platform.comparison;

import dev.kiln.platform.evaluation.Evaluate;
import dev.kiln.platform.evaluation.Figure;
import dev.kiln.platform.evaluation.TaskScore;
import dev.kiln.platform.run.EarlierRun;
import dev.kiln.platform.run.Events;
import dev.kiln.platform.run.RunFolder;
import dev.kiln.platform.storage.FolderLock;
import dev.kiln.platform.training.finetune.FinetuneOptions;
import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunEvent;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does tasks in all ways and puts them side by side. Each part of the work leaves its results in a
 * folder of its own; a run that goes on takes those that are complete.
 */
final class Compare implements Run {
    private static final Logger LOG = LoggerFactory.getLogger(Compare.class);
    private static final String RESULTS = "results.json";
    private static final String TABLE = "comparison.md";

    private final CompareOptions options;
    private final Context context;
    private final Parts parts;
    private final ConfigFiles configFiles;
    private final RunFolder folder;
    private final PrintStream out;

    Compare(
            CompareOptions options,
            Context context,
            Parts parts,
            ConfigFiles configFiles,
            RunFolder folder,
            PrintStream out) {
        this.options = options;
        this.context = context;
        this.parts = parts;
        this.configFiles = configFiles;
        this.folder = folder;
        this.out = out;
    }

    @Override
    public void execute() throws Exception {
        try (FolderLock _ = folder.lock()) {
            Map<Choice<EvalTask>, EvalTask> tasks = tasks();
            begin(new TaskExamples(tasks));
            try (Events events = new Events(options.pretrain().listeners(), context)) {
                events.during(() -> compare(tasks, events));
            }
        }
    }

    private void compare(Map<Choice<EvalTask>, EvalTask> tasks, Events events) throws Exception {
        events.tell(new RunEvent.Started(title(), 0, tasks.size()));
        parts.pretraining().execute();
        Evaluate asking = parts.asking();
        asking.execute();
        List<TaskWays> compared = new ArrayList<>();
        for (Map.Entry<Choice<EvalTask>, EvalTask> task : tasks.entrySet()) {
            List<Way> learned = learned(task.getKey(), task.getValue());
            compared.add(compared(task.getKey().name(), learned, asking.scores()));
            events.tell(new RunEvent.Measured(compared.size(), compared.getLast().named()));
        }
        report(new Comparison(compared));
        events.tell(new RunEvent.Finished("run folder: " + folder.path()));
    }

    private String title() {
        return "comparison of ways to do "
                + options.tasks().stream().map(Choice::name).collect(Collectors.joining(", "));
    }

    /** All ways to do a task. */
    private static TaskWays compared(String task, List<Way> learned, List<TaskScore> asked) {
        List<TaskScore> scores = asked.stream().filter(score -> score.task().equals(task)).toList();
        Stream<Way> prompts = scores.stream().map(Compare::prompted);
        TaskScore any = scores.getFirst();
        return new TaskWays(
                task,
                any.main().name(),
                any.examples(),
                Stream.concat(learned.stream(), prompts).toList());
    }

    private static Way prompted(TaskScore score) {
        String name =
                score.shots() == 0
                        ? "prompt alone"
                        : String.format(
                                Locale.ROOT,
                                "prompt, %d solved example%s",
                                score.shots(),
                                score.shots() == 1 ? "" : "s");
        Optional<Figure> byLength =
                score.kind() == TaskKind.MULTIPLE_CHOICE
                        ? score.figure("accuracy/byte")
                        : Optional.empty();
        return new Way(name, byLength.orElseGet(score::main));
    }

    private Map<Choice<EvalTask>, EvalTask> tasks() {
        if (options.tasks().isEmpty()) {
            throw new InvalidInput("tasks: none given");
        }
        Set<String> names = new HashSet<>();
        Map<Choice<EvalTask>, EvalTask> tasks = new LinkedHashMap<>();
        for (Choice<EvalTask> choice : options.tasks()) {
            if (!names.add(choice.name())) {
                throw new InvalidInput(
                        String.format(Locale.ROOT, "tasks: %s is there twice", choice.name()));
            }
            EvalTask task = choice.create(context);
            if (hasHead(task) && questions(task).isEmpty()) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "task '%s' has no examples in its test part",
                                choice.name()));
            }
            tasks.put(choice, task);
        }
        return tasks;
    }

    private static boolean hasHead(EvalTask task) {
        return task.kind() == TaskKind.MULTIPLE_CHOICE || !task.labels().isEmpty();
    }

    private List<Example> questions(EvalTask task) {
        return task.examples(TaskPart.TEST).stream()
                .limit(options.limit().orElse(Integer.MAX_VALUE))
                .toList();
    }

    /** The recipe is kept before anything else; what another one left is not continued. */
    private void begin(TaskExamples examples) throws IOException {
        Optional<EarlierRun> earlier =
                folder.earlier(options, options.resume(), CompareOptions.RESUME);
        String device = options.pretrain().backend().name();
        if (earlier.isEmpty()) {
            folder.begin(options, device, examples::write);
            return;
        }
        earlier.get().requireSameData(TaskExamples.kept(folder.path()), examples.hashes());
        folder.resume(options, earlier.get(), 0, device).forEach(LOG::info);
    }

    /** The baselines and the heads, if the task's kind has any. */
    private List<Way> learned(Choice<EvalTask> choice, EvalTask task) throws Exception {
        if (!hasHead(task)) {
            return List.of();
        }
        List<Example> questions = questions(task);
        Baselines baselines =
                Baselines.of(task, options.heads().training().examples().orElse(Integer.MAX_VALUE));
        LOG.info(
                "{}: {} questions, {} training examples",
                choice.name(),
                questions.size(),
                baselines.train().size());
        return List.of(
                way("majority class", questions, baselines.majority(questions)),
                way("n-grams", questions, baselines.ngrams(questions)),
                head("head, random start", choice, Parts.Start.RANDOM, questions),
                head("head, pre-trained", choice, Parts.Start.PRETRAINED, questions));
    }

    private Way head(
            String name, Choice<EvalTask> choice, Parts.Start start, List<Example> questions)
            throws Exception {
        Path folder = parts.head(choice, start);
        if (!Files.exists(folder.resolve(RESULTS))) {
            LOG.info("{}: {}", choice.name(), name);
            parts.finetuning(choice, start).execute();
        }
        Map<String, Integer> predicted = new LinkedHashMap<>();
        for (String line : Files.readAllLines(folder.resolve("predictions.jsonl"))) {
            Prediction prediction = configFiles.parse(line, folder, Prediction.class);
            predicted.put(prediction.id(), prediction.predicted());
        }
        return way(
                name,
                questions,
                questions.stream().mapToInt(question -> predicted.get(question.id())).toArray());
    }

    /** A line of a head's predictions. */
    record Prediction(String id, int predicted) {}

    private Way way(String name, List<Example> questions, int[] answers) {
        boolean[] hits = new boolean[answers.length];
        IntStream.range(0, answers.length)
                .forEach(n -> hits[n] = answers[n] == Baselines.right(questions.get(n)));
        return new Way(
                name,
                Figure.share(
                        "accuracy",
                        hits,
                        options.bootstrap(),
                        Randomness.key(context.seed(), "bootstrap")));
    }

    private String learning() {
        FinetuneOptions.Training training = options.heads().training();
        return String.format(
                Locale.ROOT,
                "Before, it learned to predict the next token of `%s`; heads learned from %s training examples in %d epochs.",
                options.pretrain().data().name(),
                training.examples()
                        .map(value -> String.format(Locale.ROOT, "%,d", value))
                        .orElse("all"),
                training.epochs());
    }

    private void report(Comparison comparison) throws IOException {
        comparison.print(out);
        folder.write(RESULTS, comparison.json());
        folder.write(TABLE, comparison.page(learning(), Files.readString(parts.environment())));
        out.println(RESULTS + ", " + TABLE + ": " + folder.path());
    }
}
