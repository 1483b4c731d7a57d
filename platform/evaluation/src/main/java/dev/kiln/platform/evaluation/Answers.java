package dev.kiln.platform.evaluation;

import dev.kiln.platform.inference.Generation;
import dev.kiln.platform.inference.GenerationRequest;
import dev.kiln.platform.inference.Generator;
import dev.kiln.platform.inference.InvalidScore;
import dev.kiln.platform.inference.LanguageModel;
import dev.kiln.platform.inference.TextListener;
import java.util.Arrays;
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

    /**
     * Likelihoods of requests, in their order.
     *
     * @throws InvalidScore when a logit is no number, with the place of the request
     */
    List<Likelihood> likelihoods(List<LikelihoodRequest> requests) {
        SequencedSet<LikelihoodRequest> missing = new LinkedHashSet<>(requests);
        missing.removeIf(request -> cache.find(request).isPresent());
        List<LikelihoodRequest> open = List.copyOf(missing);
        try {
            scorer.score(open, (index, likelihood) -> cache.keep(open.get(index), likelihood));
        } catch (InvalidScore e) {
            throw e.of(requests.indexOf(open.get(e.sequence())));
        }
        return requests.stream().map(request -> cache.find(request).orElseThrow()).toList();
    }

    /**
     * What the model finds likeliest after each prompt, up to the end of the line.
     *
     * @throws CancellationException when the thread is interrupted
     * @throws InvalidScore when a logit is no number, with the place of the prompt
     */
    List<String> written(List<int[]> prompts, int maxTokens) {
        int[] open =
                IntStream.range(0, prompts.size())
                        .filter(i -> cache.find(prompts.get(i), maxTokens).isEmpty())
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> prompts.get(i).length))
                        .mapToInt(Integer::intValue)
                        .toArray();
        for (int from = 0; from < open.length; from += batch) {
            int[] some = Arrays.copyOfRange(open, from, Math.min(from + batch, open.length));
            try {
                write(IntStream.of(some).mapToObj(prompts::get).toList(), maxTokens);
            } catch (InvalidScore e) {
                throw e.of(some[e.sequence()]);
            }
        }
        return prompts.stream().map(ids -> cache.find(ids, maxTokens).orElseThrow()).toList();
    }

    private void write(List<int[]> prompts, int maxTokens) {
        GenerationRequest request =
                new GenerationRequest(
                        maxTokens,
                        (logits, history, length, key) ->
                                Softmax.likeliest(logits, 0, logits.length),
                        List.of("\n"),
                        0);
        List<Generation> texts =
                new Generator(language)
                        .generate(
                                prompts,
                                request,
                                TextListener.NONE,
                                (tokens, chosen, nanos) -> Scorer.stopIfInterrupted());
        for (int i = 0; i < prompts.size(); i++) {
            cache.keep(prompts.get(i), maxTokens, texts.get(i).text());
        }
    }
}
