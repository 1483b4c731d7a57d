package dev.kiln.platform.benchmark;

import dev.kiln.platform.inference.GenerationRequest;
import dev.kiln.platform.inference.generation.Generator;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.model.ModelShape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Greedy generation through the same {@link Generator} that runs use: one long prompt, one stream,
 * many streams at once. Nothing ends a stream but its length.
 */
public final class GenerateBenchmark implements Benchmark {
    private static final int USUAL_PROMPT = 512;
    private static final int SHORTEST_PROMPT = 5;
    private static final int LONGEST_PROMPT = 64;

    private final Run run;
    private final Backend backend;
    private final Scope scope;
    private final ModelSource.Opened opened;
    private final ModelShape shape;
    private final int promptLength;
    private double bandwidth;

    /**
     * What to run.
     *
     * @param prompt tokens of the long prompt; 512, or the model's context, if empty
     * @param tokens that each stream writes, at least 2
     * @param streams that are written at once
     */
    public record Run(
            Workload workload,
            ModelSource source,
            Optional<Integer> prompt,
            int tokens,
            int streams) {}

    /**
     * Opens the model and generates once.
     *
     * @throws dev.kiln.spi.InvalidInput when the backend does not have the format or the precision,
     *     or the prompt is longer than the model's context
     */
    public GenerateBenchmark(Run run) {
        this.run = run;
        backend = run.workload().open();
        scope = backend.scope();
        bandwidth = Bandwidth.read(backend.capabilities().threads());
        opened = run.source().open(run.workload(), backend, scope);
        shape = opened.language().model().shape();
        promptLength = Workload.length("--prompt", run.prompt(), USUAL_PROMPT, shape.context());
        round();
    }

    @Override
    public String name() {
        return "generate";
    }

    @Override
    public Map<String, Object> about() {
        Map<String, Object> about = run.workload().about(backend);
        about.put("format", opened.format());
        about.put("prompt", promptLength);
        about.put("tokens", run.tokens());
        about.put("streams", run.streams());
        about.put("readGigabytesPerSecond", bandwidth / 1e9);
        opened.bytesPerToken()
                .ifPresent(
                        bytes -> {
                            about.put("weightBytesPerToken", bytes);
                            about.put("boundTokensPerSecond", bandwidth / bytes);
                            about.put(
                                    "shareOf",
                                    "read bandwidth by bytes of weights that a token reads");
                        });
        return about;
    }

    @Override
    public Map<String, Map<String, Double>> round() {
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
        rows.put("prompt", prompt());
        rows.put("stream", streams(1));
        if (run.streams() > 1) {
            rows.put("streams", streams(run.streams()));
        }
        return rows;
    }

    private Map<String, Double> prompt() {
        double seconds = generate(List.of(ids(promptLength, 0)), 1).secondsToFirst();
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Figures.TOKENS_PER_SECOND, promptLength / seconds);
        figures.put(Figures.MILLISECONDS, 1e3 * seconds);
        return figures;
    }

    /** The rate of the passes that read no prompt. */
    private Map<String, Double> streams(int count) {
        List<int[]> prompts =
                IntStream.range(0, count).mapToObj(i -> ids(length(i, count), i + 1)).toList();
        Passes passes = generate(prompts, run.tokens());
        double rate = passes.decodedPerSecond();
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Figures.TOKENS_PER_SECOND, rate);
        figures.put(Figures.MILLISECONDS, 1e3 * count / rate);
        figures.put(Figures.FIRST_TOKEN_MILLISECONDS, 1e3 * passes.secondsToFirst());
        if (count == 1) {
            opened.bytesPerToken()
                    .ifPresent(bytes -> figures.put(Figures.SHARE, share(rate * bytes)));
        }
        return figures;
    }

    /** Of the bandwidth, which is no less than what was read: caches may hold a small model. */
    private double share(double bytesPerSecond) {
        bandwidth = Math.max(bandwidth, bytesPerSecond);
        return bytesPerSecond / bandwidth;
    }

    private int length(int stream, int streams) {
        int longest = Math.min(LONGEST_PROMPT, promptLength);
        int shortest = Math.min(SHORTEST_PROMPT, longest);
        return longest - (longest - shortest) * stream / Math.max(1, streams - 1);
    }

    private int[] ids(int count, long seed) {
        return RandomNumbers.ids(count, shape.vocabulary(), seed);
    }

    private Passes generate(List<int[]> prompts, int tokens) {
        Passes passes = new Passes();
        GenerationRequest request =
                new GenerationRequest(tokens, GenerateBenchmark::greedy, List.of(), 1);
        new Generator(opened.language())
                .generate(prompts, request, (index, text) -> {}, passes::add);
        return passes;
    }

    private static int greedy(float[] logits, int[] history, int length, long key) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    @Override
    public void close() {
        opened.release().run();
        scope.close();
        backend.close();
    }
}
