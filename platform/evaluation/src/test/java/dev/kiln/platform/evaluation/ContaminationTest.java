package dev.kiln.platform.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows of words that are counted out. */
class ContaminationTest {
    private static String words(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
    }

    @Test
    void thirteenWordsInARowAreAnOverlapAndTwelveAreNot() {
        Contamination contamination =
                new Contamination(List.of(words(0, 20), words(100, 120), words(0, 12)));
        contamination.read("before " + words(7, 20) + " behind");
        contamination.read(words(100, 112) + " other " + words(112, 120));
        contamination.read("short");
        Contamination.Result result = contamination.result();
        assertEquals(3, result.items());
        assertEquals(1, result.tooShort());
        assertEquals(1, result.overlapping());
        assertArrayEquals(new int[] {1, 2}, result.clean());
    }

    @Test
    void lettersAndPunctuationDoNotHideAnOverlap() {
        Contamination contamination = new Contamination(List.of(words(0, 13)));
        contamination.read(words(0, 13).toUpperCase(java.util.Locale.ROOT).replace(" ", ", "));
        assertEquals(1, contamination.result().overlapping());
    }

    @Test
    void theOrderOfTheWordsCounts() {
        Contamination contamination = new Contamination(List.of(words(0, 13)));
        contamination.read("w1 w0 " + words(2, 13));
        assertEquals(0, contamination.result().overlapping());
    }
}
