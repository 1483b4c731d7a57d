package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.generation.Sampler;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every sampler keeps. Subclass it in a plugin's tests, once for each set of options that
 * matters. A failure names the broken clause and the case.
 */
@Experimental
public abstract class SamplerContract implements FactoryClauses {
    private static final int[] VOCABULARIES = {1, 2, 3, 17, 256, 1009};
    private static final int DRAWS = 400;

    /** The sampler to try; may be the same one at every call. */
    protected abstract Sampler sampler();

    /** Whether it draws; one that always takes the same token of the same logits doesn't. */
    protected boolean random() {
        return true;
    }

    @Test
    void theChoiceIsATokenOfTheVocabulary() {
        for (int size : VOCABULARIES) {
            for (int seed = 0; seed < 50; seed++) {
                float[] logits = logits(size, seed);
                int id = choose(logits, size, seed);
                String where = "; got " + id + " of " + size + ", seed " + seed;
                assertTrue(id >= 0 && id < size, "broken clause: the choice is in [0, V)" + where);
                assertTrue(
                        logits[id] != Float.NEGATIVE_INFINITY,
                        "broken clause: a logit of negative infinity is never chosen" + where);
            }
        }
    }

    @Test
    void theSameKeyMakesTheSameChoice() {
        Sampler sampler = sampler();
        List<Integer> first = choices(sampler);
        assertEquals(
                first,
                choices(sampler),
                "broken clause: the choice follows from logits, history and key alone");
    }

    @Test
    void theKeyIsWhatChanceComesFrom() {
        long different =
                IntStream.range(0, DRAWS)
                        .map(i -> sampler().next(new float[64], new int[0], 0, key(i)))
                        .distinct()
                        .count();
        if (random()) {
            assertTrue(
                    different > 1,
                    "broken clause: other keys make other choices; of 64 equal logits "
                            + DRAWS
                            + " keys chose one");
        } else {
            assertEquals(1, different, "broken clause: not random, but keys make a difference");
        }
    }

    @Test
    void theLikelierTokenIsNotChosenLess() {
        int[] counts = new int[2];
        for (int i = 0; i < DRAWS; i++) {
            counts[sampler().next(new float[] {0, 2}, new int[0], 0, key(i))]++;
        }
        assertTrue(
                counts[1] >= counts[0] - 4 * Math.sqrt(DRAWS),
                "broken clause: a likelier token is not chosen less; " + Arrays.toString(counts));
    }

    @Test
    void onlyTheLengthOfTheHistoryCounts() {
        for (int seed = 0; seed < 50; seed++) {
            int[] longer = {1, 2, 3, 4, 5};
            int[] other = {1, 2, 0, 0, 9};
            assertEquals(
                    sampler().next(logits(17, seed), longer, 2, key(seed)),
                    sampler().next(logits(17, seed), other, 2, key(seed)),
                    "broken clause: only the first length ids of the history count");
            assertArrayEquals(
                    new int[] {1, 2, 3, 4, 5},
                    longer,
                    "broken clause: the history is not written to");
        }
    }

    @Test
    void threadsGetTheSameChoices() throws Exception {
        Sampler sampler = sampler();
        List<Integer> alone = choices(sampler);
        for (List<Integer> each : Concurrently.call(() -> choices(sampler))) {
            assertEquals(alone, each, "broken clause: thread-safe");
        }
    }

    @Test
    void costFollowsTheVocabulary() {
        Sampler sampler = sampler();
        Growth.linear(
                "cost follows the size of the vocabulary",
                16_000,
                8,
                size -> sampler.next(logits(size, 3), new int[] {1, 2}, 2, key(5)));
    }

    private static List<Integer> choices(Sampler sampler) {
        return IntStream.range(0, 200)
                .mapToObj(i -> sampler.next(logits(33, i), new int[] {i % 33}, 1, key(i)))
                .toList();
    }

    private int choose(float[] logits, int size, int seed) {
        return sampler().next(logits.clone(), new int[] {size - 1, 0}, 2, key(seed));
    }

    /** Some are masked, never all. */
    private static float[] logits(int size, int seed) {
        float[] logits = Kit.normals("logits " + seed, size);
        for (int i = 1; i < size; i += 3) {
            logits[(i + seed) % size] = Float.NEGATIVE_INFINITY;
        }
        logits[seed % size] = Float.NEGATIVE_INFINITY;
        logits[(seed + 2) % size] = 1;
        return logits;
    }

    private static long key(int draw) {
        return Randomness.key(7, draw);
    }
}
