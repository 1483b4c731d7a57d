package dev.kiln.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The JDK's SplittableRandom is SplitMix64 too, so its sequence is a reference for {@code bits}.
 * Numbers in hexadecimal are from a Python script that follows the papers: {@code mix(z)} is z ^= z
 * >> 30, z *= 0xBF58476D1CE4E5B9, z ^= z >> 27, z *= 0x94D049BB133111EB, z ^= z >> 31 modulo 2^64;
 * a key starts as mix(seed + g) and goes on as mix(key ^ mix(part + g)), g = 0x9E3779B97F4A7C15.
 */
class RandomnessTest {
    private static final int DRAWS = 1 << 18;
    private static final long[] KEYS = {0, 1, 0x0123456789abcdefL, -1, Randomness.key(42, 3, 1)};

    @Test
    void bitsAreTheSequenceOfSplitMix64() {
        for (long key : KEYS) {
            SplittableRandom reference = new SplittableRandom(key);
            for (int counter = 1; counter <= 1000; counter++) {
                assertEquals(reference.nextLong(), Randomness.bits(key, counter));
            }
        }
        assertEquals(0x599ed017fb08fc85L, Randomness.bits(1234567, 1));
        assertEquals(0x2c73f08458540fa5L, Randomness.bits(1234567, 2));
        assertEquals(0x883ebce5a3f27c77L, Randomness.bits(1234567, 3));
    }

    @Test
    void uniformIsTheReferencesDouble() {
        SplittableRandom reference = new SplittableRandom(77);
        for (int counter = 1; counter <= 1000; counter++) {
            assertEquals(reference.nextDouble(), Randomness.uniform(77, counter));
        }
    }

    @Test
    void keysAreThoseOfTheScript() {
        assertEquals(0xe220a8397b1dcdafL, Randomness.key(0));
        assertEquals(0x910a2dec89025cc1L, Randomness.key(1));
        assertEquals(0x79e36983efc4a4f4L, Randomness.key(42, 1, 2));
        assertEquals(0x6f9ec78312d50053L, Randomness.key(42, 2, 1));
        assertEquals(0x4460d6f9fc91ad94L, Randomness.key(42, -1));
    }

    /** 0x85944171f73967e8 is the published 64-bit FNV-1a hash of "foobar". */
    @Test
    void theKeyOfANameIsThatOfItsHash() {
        assertEquals(Randomness.key(5, 0x85944171f73967e8L), Randomness.key(5, "foobar"));
        assertNotEquals(Randomness.key(5, "h.0.attn"), Randomness.key(5, "h.1.attn"));
    }

    /** With key 0 it is lowbias32 itself; else the key's halves go in before and between. */
    @Test
    void bits32AreThoseOfTheScript() {
        assertEquals(0, Randomness.bits32(0, 0));
        assertEquals(0x688990c0, Randomness.bits32(0, 1));
        assertEquals(0xd1132181, Randomness.bits32(0, 2));
        assertEquals(0x8d29ffb8, Randomness.bits32(0, Integer.MAX_VALUE));
        assertEquals(0x6768824a, Randomness.bits32(0, -1));
        assertEquals(0x3bee2ae1, Randomness.bits32(0x0123456789abcdefL, 0));
        assertEquals(0x37f9d829, Randomness.bits32(0x0123456789abcdefL, 1));
        assertEquals(0x3a771f6a, Randomness.bits32(0x0123456789abcdefL, 1000));
    }

    @Test
    void eachByteOfBits32IsUniform() {
        for (long key : KEYS) {
            for (int shift = 0; shift < 32; shift += 8) {
                int low = shift;
                assertUniform(counter -> Randomness.bits32(key, counter) >>> low & 0xff);
            }
        }
    }

    /** Two elements side by side, and the same element under two keys, have nothing in common. */
    @Test
    void neighboursOfBits32AreIndependent() {
        for (long key : KEYS) {
            long other = Randomness.key(key, 1);
            assertUniform(
                    counter ->
                            Randomness.bits32(key, 2 * counter) >>> 28 << 4
                                    | Randomness.bits32(key, 2 * counter + 1) >>> 28);
            assertUniform(
                    counter ->
                            Randomness.bits32(key, counter) >>> 28 << 4
                                    | Randomness.bits32(other, counter) >>> 28);
        }
    }

    @Test
    void belowIsUniformAndNeverReachesItsBound() {
        assertUniform(counter -> (int) Randomness.below(9, counter, 256));
        for (int counter = 0; counter < 1000; counter++) {
            assertEquals(0, Randomness.below(9, counter, 1));
            long high = Randomness.below(9, counter, Long.MAX_VALUE);
            assertTrue(high >= 0 && high < Long.MAX_VALUE);
        }
    }

    /**
     * Pearson's chi-square of values in [0, 256). With 255 degrees of freedom its mean is 255 and
     * its deviation √(2·255) = 22.6; six of those are allowed either way, since a sequence that is
     * too even is not random either.
     */
    private static void assertUniform(IntUnaryOperator values) {
        int[] counts = new int[256];
        for (int counter = 0; counter < DRAWS; counter++) {
            counts[values.applyAsInt(counter)]++;
        }
        double expected = DRAWS / 256.0;
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        assertEquals(255, sum, 6 * 22.6, "chi-square");
    }

    @Test
    void theDropThresholdIsTheRateOfAllUnsignedInts() {
        assertEquals(0, Randomness.dropThreshold(0));
        assertEquals(429_496_729, Randomness.dropThreshold(0.1)); // 2^32 / 10 = 429,496,729.6
        assertEquals(Integer.MIN_VALUE, Randomness.dropThreshold(0.5)); // 2^31 as unsigned
        assertEquals(-1, Randomness.dropThreshold(Math.nextDown(1.0))); // 2^32 - 1 as unsigned
    }

    /** Within five deviations of a binomial distribution. */
    @Test
    void theShareThatFallsBelowTheThresholdIsTheRate() {
        for (double rate : new double[] {0, 0.001, 0.1, 0.5, 0.9}) {
            int dropped = 0;
            for (int counter = 0; counter < DRAWS; counter++) {
                int bits = Randomness.bits32(KEYS[4], counter);
                if (Integer.compareUnsigned(bits, Randomness.dropThreshold(rate)) < 0) {
                    dropped++;
                }
            }
            double deviation = Math.sqrt(rate * (1 - rate) / DRAWS);
            assertEquals(rate, dropped / (double) DRAWS, 5 * deviation);
        }
    }

    /** Moments 0, 1, 0 and 3, within five deviations of their estimates: 1, 2, 15 and 96 over n. */
    @Test
    void normalHasTheMomentsOfTheNormalDistribution() {
        double[] moments = new double[5];
        for (int counter = 0; counter < DRAWS; counter++) {
            double value = Randomness.normal(3, counter);
            for (int power = 1; power <= 4; power++) {
                moments[power] += Math.pow(value, power) / DRAWS;
            }
        }
        double unit = 5 / Math.sqrt(DRAWS);
        assertEquals(0, moments[1], unit);
        assertEquals(1, moments[2], unit * Math.sqrt(2));
        assertEquals(0, moments[3], unit * Math.sqrt(15));
        assertEquals(3, moments[4], unit * Math.sqrt(96));
    }
}
