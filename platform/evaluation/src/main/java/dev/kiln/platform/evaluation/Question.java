package dev.kiln.platform.evaluation;

import dev.kiln.platform.inference.ScoringRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Requests with the same context, which is read once.
 *
 * @param requests in the order of the scoring request's continuations
 */
record Question(ScoringRequest scoring, List<LikelihoodRequest> requests) {

    /** A request with as much of its context as the model reads. */
    private record Fitted(int[] context, LikelihoodRequest request) {
        static Fitted of(LikelihoodRequest request, int length) {
            int[] context = request.context();
            int room = length + 1 - request.continuation().length;
            int from = Math.max(0, context.length - room);
            return new Fitted(Arrays.copyOfRange(context, from, context.length), request);
        }

        int[] continuation() {
            return request.continuation();
        }
    }

    /**
     * All requests as questions, those with much in common near each other.
     *
     * @param length most tokens that the model reads: a context that is too long loses its beginning
     */
    static List<Question> of(Collection<LikelihoodRequest> requests, int length) {
        List<Fitted> sorted =
                requests.stream()
                        .map(request -> Fitted.of(request, length))
                        .sorted(
                                Comparator.comparing(Fitted::context, Arrays::compare)
                                        .thenComparing(Fitted::continuation, Arrays::compare))
                        .toList();
        List<Question> questions = new ArrayList<>();
        for (int from = 0; from < sorted.size(); ) {
            int end = from + 1;
            while (end < sorted.size()
                    && Arrays.equals(sorted.get(from).context(), sorted.get(end).context())) {
                end++;
            }
            questions.add(of(sorted.subList(from, end)));
            from = end;
        }
        return questions;
    }

    private static Question of(List<Fitted> same) {
        return new Question(
                new ScoringRequest(
                        same.getFirst().context(),
                        same.stream().map(Fitted::continuation).toList()),
                same.stream().map(Fitted::request).toList());
    }
}
