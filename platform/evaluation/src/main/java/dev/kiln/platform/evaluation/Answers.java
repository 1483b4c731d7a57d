package dev.kiln.platform.evaluation;

import dev.kiln.platform.inference.Generation;
import dev.kiln.platform.inference.GenerationRequest;
import dev.kiln.platform.inference.Generator;
import dev.kiln.platform.inference.LanguageModel;
import dev.kiln.platform.inference.TextListener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/** What a model answers; nothing is asked twice, also not in an evaluation that goes on. */
final class Answers {
    private final LanguageModel language;
    private final RequestCache cache;
    private final int batch;
    private final Scorer scorer;

    Answers(LanguageModel language, RequestCache cache, int batch) {
        this.language = language;
        this.cache = cache;
        this.batch = batch;
        this.scorer = new Scorer(language, batch);
    }

    /** Likelihoods of requests, in their order. */
    List<Likelihood> likelihoods(List<LikelihoodRequest> requests) {
        SequencedSet<LikelihoodRequest> missing = new LinkedHashSet<>(requests);
        missing.removeIf(request -> cache.find(request).isPresent());
        List<LikelihoodRequest> open = List.copyOf(missing);
        scorer.score(open, (index, likelihood) -> cache.keep(open.get(index), likelihood));
        return requests.stream().map(request -> cache.find(request).orElseThrow()).toList();
    }

    /**
     * What the model finds likeliest after each prompt, up to the end of the line.
     *
     * @throws CancellationException when the thread is interrupted
     */
    List<String> written(List<int[]> prompts, int maxTokens) {
        int[] open =
                IntStream.range(0, prompts.size())
                        .filter(i -> cache.find(prompts.get(i), maxTokens).isEmpty())
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> prompts.get(i).length))
                        .mapToInt(Integer::intValue)
                        .toArray();
        GenerationRequest request =
                new GenerationRequest(
                        maxTokens,
                        (logits, history, length, key) ->
                                Softmax.likeliest(logits, 0, logits.length),
                        List.of("\n"),
                        0);
        for (int from = 0; from < open.length; from += batch) {
            List<int[]> some = new ArrayList<>();
            for (int i = from; i < Math.min(from + batch, open.length); i++) {
                some.add(prompts.get(open[i]));
            }
            List<Generation> texts =
                    new Generator(language)
                            .generate(
                                    some,
                                    request,
                                    TextListener.NONE,
                                    (tokens, chosen, nanos) -> Scorer.stopIfInterrupted());
            for (int i = 0; i < some.size(); i++) {
                cache.keep(some.get(i), maxTokens, texts.get(i).text());
            }
        }
        return prompts.stream().map(ids -> cache.find(ids, maxTokens).orElseThrow()).toList();
    }
}
