package dev.kiln.platform.evaluation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Compares texts as TriviaQA's own script does (Joshi et al., 2017). */
final class WrittenAnswers {
    private static final Pattern PUNCTUATION = Pattern.compile("[\\p{Punct}‘’´]");
    private static final Pattern ARTICLES = Pattern.compile("\\b(a|an|the)\\b");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private WrittenAnswers() {}

    /** In small letters, without punctuation, articles and spaces that say nothing. */
    static String normalized(String text) {
        String words = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ");
        return SPACES.matcher(ARTICLES.matcher(words).replaceAll(" ")).replaceAll(" ").strip();
    }

    static boolean matches(String written, List<String> accepted) {
        String normalized = normalized(written);
        return accepted.stream().anyMatch(answer -> normalized(answer).equals(normalized));
    }

    /** That of the accepted answer that is nearest. */
    static double f1(String written, List<String> accepted) {
        return accepted.stream().mapToDouble(answer -> f1(written, answer)).max().orElse(0);
    }

    /** Harmonic mean of the shares of words that both have. */
    private static double f1(String written, String accepted) {
        String[] one = normalized(written).split(" ");
        String[] other = normalized(accepted).split(" ");
        Map<String, Integer> left = new HashMap<>();
        Arrays.stream(other).forEach(word -> left.merge(word, 1, Integer::sum));
        long common =
                Arrays.stream(one).filter(word -> left.merge(word, -1, Integer::sum) >= 0).count();
        return 2.0 * common / (one.length + other.length);
    }
}
