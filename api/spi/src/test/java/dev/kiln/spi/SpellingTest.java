package dev.kiln.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpellingTest {

    /** Distances that text books give: kitten to sitting 3, Saturday to Sunday 3, flaw to lawn 2. */
    @Test
    void lettersAddedDroppedAndChangedAreCounted() {
        assertDistance(3, "kitten", "sitting");
        assertDistance(3, "Saturday", "Sunday");
        assertDistance(2, "flaw", "lawn");
        assertDistance(4, "", "four");
        assertDistance(4, "four", "");
        assertDistance(0, "", "");
        assertDistance(0, "same", "same");
    }

    /** "ca" to "abc" is 3 where no letter is changed twice: the "optimal string alignment". */
    @Test
    void twoNeighboursThatChangedPlacesAreOneEdit() {
        assertDistance(1, "rnu", "run");
        assertDistance(1, "ab", "ba");
        assertDistance(2, "abcd", "badc");
        assertDistance(3, "ca", "abc");
        assertNearest("run", "rnu", "new", "run");
    }

    private static void assertDistance(int edits, String a, String b) {
        assertEquals(Optional.of(b), Spelling.nearest(a, List.of(b), edits), a + " to " + b);
        assertEquals(Optional.empty(), Spelling.nearest(a, List.of(b), edits - 1), a + " to " + b);
    }

    @Test
    void theNearestWordWinsAndOfEquallyNearOnesTheFirst() {
        assertNearest("gpt2", "gtp2", "gpt1", "gpt2");
        assertNearest("layers", "layer", "heads", "layers", "context");
        assertNearest("bat", "cat", "bat", "rat");
        assertNearest("rat", "cat", "rat", "bat");
    }

    @Test
    void caseAndTheKindOfDashDoNotMatter() {
        assertNearest("batch_size", "BATCH-SIZE", "batch-sizes", "batch_size");
        assertNearest("learningRate", "learningrate", "learningRate");
    }

    @Test
    void howManyEditsAreFewDependsOnTheLength() {
        assertNone("abc", "axx");
        assertNearest("axc", "abc", "axc");
        assertNone("abcdef", "abcxxx");
        assertNearest("abcdxx", "abcdef", "abcdxx");
        assertNone("abcdefg", "abcxxxx");
        assertNearest("abcdxxx", "abcdefg", "abcdxxx");
        assertNone("abc");
    }

    private static void assertNearest(String expected, String wrong, String... valid) {
        assertEquals(Optional.of(expected), Spelling.nearest(wrong, List.of(valid)));
    }

    private static void assertNone(String wrong, String... valid) {
        assertEquals(Optional.empty(), Spelling.nearest(wrong, List.of(valid)));
    }
}
