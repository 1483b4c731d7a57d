package dev.kiln.plugins.wordnet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PairTest {
    @Test
    void eachTakesTheFirstSingleOfItsGroupThatFits() {
        List<Pair<String>> pairs =
                Pair.of(
                        List.of("a1", "b1", "a1", "a2", "a3", "b2", "b3"),
                        thing -> thing.substring(0, 1),
                        (first, second) -> !first.equals(second));
        assertEquals(
                List.of(new Pair<>("a1", "a2"), new Pair<>("a1", "a3"), new Pair<>("b1", "b2")),
                pairs);
    }

    @Test
    void crossingTakesTurns() {
        assertEquals(List.of("aa", "ab", "bb", "ba"), new Pair<>("a", "b").crossed(String::concat));
    }
}
