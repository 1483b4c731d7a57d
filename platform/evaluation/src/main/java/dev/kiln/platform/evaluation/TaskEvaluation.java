package dev.kiln.platform.evaluation;

import dev.kiln.platform.inference.Likelihood;
import dev.kiln.platform.models.InvalidScore;
import dev.kiln.platform.tasks.Confusion;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One task with one number of solved examples before each question. Used once, by one thread. */
final class TaskEvaluation {
    /** White space as Python's {@code \s} has it. */
    private static final Pattern SPACES = Pattern.compile("(?U)[\\s\\x1c-\\x1f]+");

    private final PromptForm form;
    private final EvalTask task;
    private final List<Example> examples;
    private final Shots shots;
    private final int asked;
    private final RequestEncoder encoder;
    private final Answers answers;
    private final int maxTokens;

    /** By the examples' ids, how many solved examples did not fit. */
    private final Map<String, Integer> missing = new HashMap<>();

    private final Set<String> cut = new HashSet<>();
    private final Set<String> replaced = new HashSet<>();

    /**
     * @param shots at least as many as are asked for
     * @param asked how many of them go before each question, if they fit
     * @param maxTokens of answers that are written
     */
    TaskEvaluation(
            PromptForm form,
            List<Example> examples,
            Shots shots,
            int asked,
            RequestEncoder encoder,
            Answers answers,
            int maxTokens) {
        this.form = form;
        this.task = form.task();
        this.examples = examples;
        this.shots = shots;
        this.asked = asked;
        this.encoder = encoder;
        this.answers = answers;
        this.maxTokens = maxTokens;
    }

    /** What became of the prompts. */
    TaskScore.PromptCounts counts() {
        return new TaskScore.PromptCounts(
                missing.size(),
                missing.values().stream().mapToInt(Integer::intValue).sum(),
                cut.size(),
                replaced.size());
    }

    /** Asks the model; the task's main measure comes first. */
    List<Measure> measures() {
        return switch (task.kind()) {
            case CLASSIFICATION, ENTAILMENT, MULTIPLE_CHOICE -> choices();
            case SIMILARITY -> task.labels().isEmpty() ? scores() : choices();
            case CLOZE -> cloze();
            case FREE_ANSWER -> written();
            case TEXT -> text();
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private double[] each(ToDoubleFunction<Example> value) {
        return examples.stream().mapToDouble(value).toArray();
    }

    /** The question with its solved examples, and what may come behind it. */
    private List<LikelihoodRequest> requests(Example example, List<String> may) {
        List<String> continuations = may.stream().map(form::continuation).toList();
        int longest =
                continuations.stream()
                        .mapToInt(text -> encoder.tokenizer().encode(text).length)
                        .max()
                        .orElse(0);
        try {
            List<LikelihoodRequest> requests =
                    encoder.continuations(context(example, longest), continuations);
            if (requests.stream().anyMatch(request -> request.length() > encoder.length() + 1)) {
                cut.add(example.id());
            }
            return requests;
        } catch (InvalidInput e) {
            throw problem(example, e.getMessage());
        }
    }

    private InvalidInput problem(Example example, String what) {
        return new InvalidInput(
                String.format(Locale.ROOT, "task '%s', %s: %s", form.name(), example.id(), what));
    }

    private String context(Example example, int behind) {
        String question = form.question(example);
        SolvedExamples solved = shots.before(example);
        int fitting = solved.fitting(asked, question, encoder, encoder.length() - behind);
        if (fitting < asked) {
            missing.merge(example.id(), asked - fitting, Math::max);
        }
        if (shots.hold(example, asked)) {
            replaced.add(example.id());
        }
        return solved.first(fitting) + question;
    }

    /** Likelihoods of what may come behind each question, [examples][answers]. */
    private List<List<Likelihood>> likelihoods(List<List<LikelihoodRequest>> requests) {
        int[] asked =
                IntStream.range(0, requests.size())
                        .flatMap(n -> requests.get(n).stream().mapToInt(_ -> n))
                        .toArray();
        List<Likelihood> flat =
                answered(
                        () -> answers.likelihoods(requests.stream().flatMap(List::stream).toList()),
                        asked);
        List<List<Likelihood>> rows = new ArrayList<>();
        int at = 0;
        for (List<LikelihoodRequest> row : requests) {
            rows.add(flat.subList(at, at + row.size()));
            at += row.size();
        }
        return rows;
    }

    /**
     * What the model answers.
     *
     * @param asked which example each sequence is of
     */
    private <T> List<T> answered(Supplier<List<T>> answers, int[] asked) {
        try {
            return answers.get();
        } catch (InvalidScore e) {
            throw problem(examples.get(asked[e.sequence()]), e.problem());
        }
    }

    /** Likelihoods of answers to be compared, [examples][answers]: one of a row may be given. */
    private List<List<Likelihood>> ofEach(List<List<LikelihoodRequest>> requests) {
        List<List<Likelihood>> rows = likelihoods(requests);
        for (int n = 0; n < rows.size(); n++) {
            if (rows.get(n).stream().allMatch(one -> one.sum() == Double.NEGATIVE_INFINITY)) {
                throw problem(examples.get(n), "the model gives each answer the probability 0");
            }
        }
        return rows;
    }

    private List<Measure> choices() {
        int[] right = examples.stream().mapToInt(form::right).toArray();
        List<List<Likelihood>> rows =
                ofEach(
                        examples.stream()
                                .map(example -> requests(example, form.choices(example)))
                                .toList());
        double[][] raw = new double[rows.size()][];
        double[][] byToken = new double[rows.size()][];
        double[][] byByte = new double[rows.size()][];
        for (int n = 0; n < raw.length; n++) {
            List<Likelihood> row = rows.get(n);
            List<String> choices = form.choices(examples.get(n));
            raw[n] = row.stream().mapToDouble(Likelihood::sum).toArray();
            byToken[n] = row.stream().mapToDouble(one -> one.sum() / one.tokens()).toArray();
            byByte[n] =
                    IntStream.range(0, row.size())
                            .mapToDouble(
                                    i ->
                                            row.get(i).sum()
                                                    / Math.max(1, bytes(choices.get(i)).length))
                            .toArray();
        }
        int[] predicted = Arrays.stream(raw).mapToInt(Statistics::highest).toArray();
        boolean[] hits = hits(predicted, right);
        List<Measure> measures = new ArrayList<>();
        for (Metric metric : task.metrics()) {
            if (metric == Metric.ACCURACY) {
                measures.add(Measure.share("accuracy", hits));
            } else if (!task.labels().isEmpty()) {
                ofLabels(metric, right, predicted).ifPresent(measures::add);
            }
        }
        if (!task.metrics().contains(Metric.ACCURACY)) {
            measures.add(Measure.share("accuracy", hits));
        }
        measures.add(accuracy("accuracy/token", byToken, right));
        measures.add(accuracy("accuracy/byte", byByte, right));
        double[] confidence = Arrays.stream(raw).mapToDouble(Statistics::confidence).toArray();
        measures.add(
                new Measure(
                        "calibration error",
                        indices -> Statistics.calibrationError(confidence, hits, indices)));
        return measures;
    }

    private static Measure accuracy(String name, double[][] scores, int[] right) {
        int[] predicted = Arrays.stream(scores).mapToInt(Statistics::highest).toArray();
        return Measure.share(name, hits(predicted, right));
    }

    private static boolean[] hits(int[] predicted, int[] right) {
        boolean[] hits = new boolean[right.length];
        for (int n = 0; n < hits.length; n++) {
            hits[n] = predicted[n] == right[n];
        }
        return hits;
    }

    private Optional<Measure> ofLabels(Metric metric, int[] right, int[] predicted) {
        int classes = task.labels().size();
        Measure.OfExamples figure =
                indices ->
                        Confusion.of(classes, of(right, indices), of(predicted, indices))
                                .metric(metric)
                                .orElse(Double.NaN);
        boolean known = Confusion.of(classes, right, predicted).metric(metric).isPresent();
        return known ? Optional.of(new Measure(word(metric), figure)) : Optional.empty();
    }

    private static int[] of(int[] values, int[] indices) {
        return IntStream.of(indices).map(i -> values[i]).toArray();
    }

    private static String word(Metric metric) {
        return metric == Metric.F1 ? "F1" : metric.name().toLowerCase(Locale.ROOT);
    }

    /** The mean of the whole numbers that are among the scores, each as likely as the model says. */
    private List<Measure> scores() {
        double[] right = each(this::score);
        int low = (int) Math.floor(DoubleStream.of(right).min().orElseThrow());
        int high = (int) Math.ceil(DoubleStream.of(right).max().orElseThrow());
        List<String> numbers =
                IntStream.rangeClosed(low, high).mapToObj(Integer::toString).toList();
        List<List<Likelihood>> rows =
                ofEach(examples.stream().map(example -> requests(example, numbers)).toList());
        double[] predicted = rows.stream().mapToDouble(row -> expected(low, row)).toArray();
        List<Measure> measures = new ArrayList<>();
        measures.add(
                new Measure("pearson", indices -> Statistics.pearson(predicted, right, indices)));
        measures.add(
                new Measure("spearman", indices -> Statistics.spearman(predicted, right, indices)));
        return task.metrics().getFirst() == Metric.SPEARMAN ? measures.reversed() : measures;
    }

    private double score(Example example) {
        if (example.answer() instanceof Answer.Score(double value)) {
            return value;
        }
        throw unexpected(example, "a score");
    }

    private static double expected(int low, List<Likelihood> row) {
        double most = row.stream().mapToDouble(Likelihood::sum).max().orElseThrow();
        double weights = 0;
        double sum = 0;
        for (int i = 0; i < row.size(); i++) {
            double weight = Math.exp(row.get(i).sum() - most);
            weights += weight;
            sum += weight * (low + i);
        }
        return sum / weights;
    }

    private List<String> words(Example example) {
        if (example.answer() instanceof Answer.Words(List<String> accepted)) {
            return accepted;
        }
        throw unexpected(example, "words");
    }

    private InvalidInput unexpected(Example example, String expected) {
        return problem(example, "expected " + expected + " as its answer, got " + example.answer());
    }

    private List<Measure> cloze() {
        List<Likelihood> likelihoods = ofFirstAnswer();
        boolean[] greedy = new boolean[examples.size()];
        for (int n = 0; n < greedy.length; n++) {
            greedy[n] = likelihoods.get(n).greedy();
        }
        List<Measure> perplexities = perplexities(likelihoods);
        Measure accuracy = Measure.share("accuracy", greedy);
        return task.metrics().getFirst() == Metric.PERPLEXITY
                ? Stream.concat(perplexities.stream(), Stream.of(accuracy)).toList()
                : Stream.concat(Stream.of(accuracy), perplexities.stream()).toList();
    }

    private List<Likelihood> ofFirstAnswer() {
        return likelihoods(
                        examples.stream()
                                .map(
                                        example ->
                                                requests(
                                                        example,
                                                        List.of(words(example).getFirst())))
                                .toList())
                .stream()
                .map(List::getFirst)
                .toList();
    }

    private List<Measure> perplexities(List<Likelihood> likelihoods) {
        return perplexities(
                likelihoods.stream().mapToDouble(Likelihood::sum).toArray(),
                likelihoods.stream().mapToDouble(Likelihood::tokens).toArray(),
                each(example -> SPACES.split(words(example).getFirst().strip()).length),
                each(example -> bytes(form.continuation(words(example).getFirst())).length));
    }

    private static List<Measure> perplexities(
            double[] sums, double[] tokens, double[] words, double[] bytes) {
        return List.of(
                Measure.perplexity("token", sums, tokens),
                Measure.perplexity("word", sums, words),
                Measure.perplexity("byte", sums, bytes));
    }

    private List<Measure> written() {
        List<Measure> measures = new ArrayList<>();
        boolean writes = !task.metrics().equals(List.of(Metric.PERPLEXITY));
        List<String> texts = writes ? texts(prompts()) : List.of();
        for (Metric metric : task.metrics()) {
            switch (metric) {
                case EXACT_MATCH ->
                        measures.add(
                                Measure.mean(
                                        "exact match",
                                        compared(
                                                texts,
                                                (text, accepted) ->
                                                        WrittenAnswers.matches(text, accepted)
                                                                ? 1
                                                                : 0)));
                case F1 -> measures.add(Measure.mean("F1", compared(texts, WrittenAnswers::f1)));
                case PERPLEXITY -> measures.addAll(perplexities(ofFirstAnswer()));
                case ACCURACY, MATTHEWS, PEARSON, SPEARMAN -> {}
            }
        }
        if (measures.isEmpty()) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "task '%s': a free answer is measured by exact-match, f1 or perplexity",
                            form.name()));
        }
        return measures;
    }

    private List<String> texts(List<int[]> prompts) {
        return answered(
                () -> answers.written(prompts, maxTokens),
                IntStream.range(0, prompts.size()).toArray());
    }

    private List<int[]> prompts() {
        return examples.stream()
                .map(
                        example -> {
                            String context = context(example, maxTokens);
                            int[] ids = encoder.tokenizer().encode(context);
                            int[] prompt = encoder.prompt(ids, maxTokens);
                            if (prompt.length < ids.length) {
                                cut.add(example.id());
                            }
                            return prompt;
                        })
                .toList();
    }

    /** How a written text compares with the accepted ones. */
    @FunctionalInterface
    private interface Comparison {
        double of(String written, List<String> accepted);
    }

    private double[] compared(List<String> texts, Comparison comparison) {
        return IntStream.range(0, texts.size())
                .mapToDouble(n -> comparison.of(texts.get(n), words(examples.get(n))))
                .toArray();
    }

    private List<Measure> text() {
        List<List<LikelihoodRequest>> windows =
                examples.stream()
                        .map(example -> encoder.document(example.texts().getFirst()))
                        .toList();
        List<List<Likelihood>> rows = likelihoods(windows);
        double[] sums =
                rows.stream()
                        .mapToDouble(row -> row.stream().mapToDouble(Likelihood::sum).sum())
                        .toArray();
        double[] tokens =
                rows.stream()
                        .mapToDouble(row -> row.stream().mapToInt(Likelihood::tokens).sum())
                        .toArray();
        double[] bytes = each(example -> bytes(example.texts().getLast()).length);
        List<Measure> measures =
                new ArrayList<>(
                        perplexities(
                                sums,
                                tokens,
                                each(example -> SPACES.split(example.texts().getLast(), -1).length),
                                bytes));
        measures.add(
                new Measure(
                        "bits/byte",
                        indices ->
                                -Statistics.sum(sums, indices)
                                        / Math.log(2)
                                        / Statistics.sum(bytes, indices)));
        return measures;
    }
}
