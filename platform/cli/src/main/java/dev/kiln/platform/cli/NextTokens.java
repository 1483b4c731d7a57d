package dev.kiln.platform.cli;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The likeliest tokens in words. */
record NextTokens(Tokenizer tokenizer) {
    private static final int SHOWN = 5;

    /**
     * @param logits of one place; they are changed
     */
    String line(float[] logits) {
        double sum = 0;
        float max = logits[likeliest(logits)];
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        double total = sum;
        return IntStream.range(0, Math.min(SHOWN, logits.length))
                .mapToObj(i -> take(logits, max, total))
                .collect(Collectors.joining(", "));
    }

    /** Shows the likeliest token and takes it out. */
    private String take(float[] logits, float max, double sum) {
        int id = likeliest(logits);
        double percent = 100 * Math.exp(logits[id] - max) / sum;
        logits[id] = Float.NEGATIVE_INFINITY;
        return String.format(Locale.ROOT, "%d%s %.2f %%", id, text(id), percent);
    }

    private static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    /** Nothing for an id that only pads the vocabulary, and where there is no tokenizer. */
    private String text(int id) {
        try {
            if (tokenizer.endOfText().orElse(-1) == id) {
                return " (end of text)";
            }
            return " " + new JsonText().string(tokenizer.decode(id));
        } catch (InvalidInput e) {
            return "";
        }
    }
}
