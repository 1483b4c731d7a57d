package dev.kiln.platform.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NgramsTest {
    @Test
    void wordsAndNeighboursInSmallLetters() {
        assertEquals(
                List.of("a", "red", "2nd", "hat", "a red", "red 2nd", "2nd hat"),
                Ngrams.of("A red, 2nd hat!"));
    }

    @Test
    void featuresTellTheTextsApartAndWhatTheyShare() {
        assertEquals(
                List.of("0:hat", "1:red", "1:hat", "shared:hat", "shared", "1:red hat"),
                Ngrams.features(List.of("hat", "red hat")));
    }
}
