package dev.kiln.platform.comparison;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NaiveBayesTest {
    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }

    /** Example 13.1 of Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008). */
    @Test
    void itHasTheFiguresOfTheTextbook() {
        NaiveBayes bayes = new NaiveBayes(2);
        bayes.learn(words("Chinese Beijing Chinese"), 1);
        bayes.learn(words("Chinese Chinese Shanghai"), 1);
        bayes.learn(words("Chinese Macao"), 1);
        bayes.learn(words("Tokyo Japan Chinese"), 0);
        double japan = Math.log(1 / 4.0 * Math.pow(2 / 9.0, 3) * 2 / 9 * 2 / 9);
        double china = Math.log(3 / 4.0 * Math.pow(3 / 7.0, 3) / 14 / 14);
        assertArrayEquals(
                new double[] {japan, china},
                bayes.scores(words("Chinese Chinese Chinese Tokyo Japan Unseen"), 1),
                1e-12);
    }
}
