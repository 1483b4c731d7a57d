package dev.kiln.platform.evaluation;

import dev.kiln.platform.inference.Decoder;
import dev.kiln.platform.inference.DecoderSize;
import dev.kiln.platform.inference.Generation;
import dev.kiln.platform.inference.GenerationListener;
import dev.kiln.platform.inference.GenerationRequest;
import dev.kiln.platform.inference.Likelihood;
import dev.kiln.platform.inference.PassListener;
import dev.kiln.platform.inference.ScoringListener;
import dev.kiln.platform.inference.Softmax;
import dev.kiln.platform.models.InvalidScore;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.models.MemoryCheck;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.model.ModelShape;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedSet;
import java.util.concurrent.CancellationException;

/**
 * What a model answers; nothing is asked twice, also not in an evaluation that goes on. Used by one
 * thread.
 */
final class Answers {
    private final LanguageModel language;
    private final RequestCache cache;
    private final int batch;

    /**
     * @param batch how many questions are worked on at once, at least 1
     */
    Answers(LanguageModel language, RequestCache cache, int batch) {
        this.language = language;
        this.cache = cache;
        this.batch = batch;
    }

    /**
     * Likelihoods of requests, in their order. A context that is too long loses its beginning.
     *
     * @throws CancellationException when the thread is interrupted
     * @throws InvalidInput when keys and values need more memory than there is
     * @throws InvalidScore when a logit is no number, with the place of the request
     */
    List<Likelihood> likelihoods(List<LikelihoodRequest> requests) {
        SequencedSet<LikelihoodRequest> missing = new LinkedHashSet<>(requests);
        missing.removeIf(request -> cache.find(request).isPresent());
        int length = shape().context();
        List<Question> questions = Question.of(missing, length);
        if (!questions.isEmpty()) {
            int longest =
                    missing.stream().mapToInt(LikelihoodRequest::length).max().orElseThrow() - 1;
            try (Decoder decoder = decoder(questions.size(), Math.min(longest, length))) {
                questions.forEach(
                        question ->
                                decoder.submit(
                                        question.scoring(), new Kept(question, requests, cache)));
                run(decoder);
            }
        }
        return requests.stream().map(request -> cache.find(request).orElseThrow()).toList();
    }

    /**
     * @param all in whose order a request has its place
     */
    private record Kept(Question question, List<LikelihoodRequest> all, RequestCache cache)
            implements ScoringListener {
        @Override
        public void scored(int continuation, Likelihood likelihood) {
            cache.keep(question.requests().get(continuation), likelihood);
        }

        @Override
        public void failed(int continuation, InvalidScore problem) {
            throw problem.of(all.indexOf(question.requests().get(continuation)));
        }
    }

    /**
     * What the model finds likeliest after each prompt, up to the end of the line.
     *
     * @throws CancellationException when the thread is interrupted
     * @throws InvalidInput when keys and values need more memory than there is
     * @throws InvalidScore when a logit is no number, with the place of the prompt
     */
    List<String> written(List<int[]> prompts, int maxTokens) {
        List<int[]> missing =
                prompts.stream()
                        .filter(prompt -> cache.find(prompt, maxTokens).isEmpty())
                        .sorted(Comparator.comparingInt(prompt -> prompt.length))
                        .toList();
        if (!missing.isEmpty()) {
            GenerationRequest request =
                    new GenerationRequest(maxTokens, Answers::likeliest, List.of("\n"), 0);
            long longest = (long) missing.getLast().length + maxTokens;
            try (Decoder decoder =
                    decoder(missing.size(), (int) Math.min(longest, shape().context()))) {
                for (int[] prompt : missing) {
                    decoder.submit(
                            prompt, request, 0, new Written(prompt, prompts, maxTokens, cache));
                }
                run(decoder);
            }
        }
        return prompts.stream().map(ids -> cache.find(ids, maxTokens).orElseThrow()).toList();
    }

    private static int likeliest(float[] logits, int[] history, int length, long key) {
        return Softmax.likeliest(logits, 0, logits.length);
    }

    /**
     * @param all in whose order the prompt has its place
     */
    private record Written(int[] prompt, List<int[]> all, int maxTokens, RequestCache cache)
            implements GenerationListener {
        @Override
        public void ended(Generation generation) {
            cache.keep(prompt, maxTokens, generation.text());
        }

        @Override
        public void failed(InvalidScore problem) {
            throw problem.of(all.indexOf(prompt));
        }
    }

    private Decoder decoder(int requests, int positions) {
        int slots = Math.min(batch, requests);
        long one = DecoderSize.bytesOfSlot(shape(), language.precision().activations(), positions);
        long available = language.backend().availableBytes();
        MemoryCheck.require(
                String.format(Locale.ROOT, "scoring %,d sequences side by side", slots),
                one * slots,
                available,
                () ->
                        String.format(
                                Locale.ROOT, "batch=%d would fit", Math.max(1, available / one)));
        return new Decoder(language, new DecoderSize(slots, positions), PassListener.NONE);
    }

    private ModelShape shape() {
        return language.model().shape();
    }

    private static void run(Decoder decoder) {
        while (decoder.pass()) {
            if (Thread.interrupted()) {
                throw new CancellationException("stopped");
            }
        }
    }
}
