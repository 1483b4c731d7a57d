package dev.kiln.platform.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Worked out by hand by the rules of TriviaQA's evaluation script. */
class WrittenAnswersTest {
    @Test
    void lettersPunctuationArticlesAndSpacesAreNormalized() {
        assertEquals(
                "sound of music s hills",
                WrittenAnswers.normalized(" The  Sound-of_Music’s (a) hills! "));
        assertEquals("anthem", WrittenAnswers.normalized("an anthem"));
    }

    @Test
    void anyAcceptedAnswerMatches() {
        assertTrue(WrittenAnswers.matches("the Beatles.", List.of("Stones", "Beatles")));
        assertFalse(WrittenAnswers.matches("the Beatles, 1962", List.of("Beatles")));
    }

    /** Common: new, york. Precision 2/3, recall 2/2: 2 · 2/3 / (5/3) = 0.8. */
    @Test
    void f1CountsSharedWordsOfTheNearestAnswer() {
        assertEquals(
                0.8, WrittenAnswers.f1("New York state", List.of("Boston", "the New York")), 1e-12);
    }

    /** A word that is there once counts once: precision 1/2, recall 1. */
    @Test
    void aRepeatedWordCountsAsOftenAsItIsAccepted() {
        assertEquals(2.0 / 3, WrittenAnswers.f1("paris paris", List.of("Paris")), 1e-12);
    }
}
