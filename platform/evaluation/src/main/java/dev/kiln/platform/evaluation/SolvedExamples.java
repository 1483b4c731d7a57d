package dev.kiln.platform.evaluation;

import java.util.List;

/** Solved examples that may go before a question, as text. Immutable. */
record SolvedExamples(List<String> texts) {

    String first(int count) {
        return String.join("", texts.subList(0, count));
    }

    /**
     * How many of the first {@code most} fit before a question.
     *
     * @param encoder of the model
     * @param room tokens that question and examples may have
     */
    int fitting(int most, String question, RequestEncoder encoder, int room) {
        int low = 0;
        int high = most;
        int tried = most;
        while (low < high) {
            int tokens = encoder.tokenizer().encode(first(tried) + question).length;
            if (tokens <= room) {
                low = tried;
            } else {
                high = tried - 1;
            }
            tried = (low + high + 1) / 2;
        }
        return low;
    }
}
