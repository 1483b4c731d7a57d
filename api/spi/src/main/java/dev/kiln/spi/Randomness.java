package dev.kiln.spi;

/**
 * Counter-based random numbers: a pure function of a key and a counter, so that the same place of
 * the same run always draws the same number, in any order and on any thread. Every backend uses
 * exactly these functions, so a dropout mask is the same on all of them.
 *
 * <p>The mixers are those of SplitMix64 (Steele, Lea and Flood, 2014) for 64 bits and the
 * "lowbias32" finalizer (Wellons, 2018) for 32.
 */
@Stable
public final class Randomness {
    private Randomness() {}

    /** A key for a place: the run's seed, then whatever tells this place from others. */
    public static long key(long seed, long... place) {
        long key = mix(seed + 0x9E3779B97F4A7C15L);
        for (long part : place) {
            key = mix(key ^ mix(part + 0x9E3779B97F4A7C15L));
        }
        return key;
    }

    /** A key for a named place, for example a parameter. */
    public static long key(long seed, String place) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < place.length(); i++) {
            hash = (hash ^ place.charAt(i)) * 0x100000001b3L;
        }
        return key(seed, hash);
    }

    /** 64 random bits. */
    public static long bits(long key, long counter) {
        return mix(key + counter * 0x9E3779B97F4A7C15L);
    }

    /** Uniform in [0, 1), with 53 random bits. */
    public static double uniform(long key, long counter) {
        return (bits(key, counter) >>> 11) * 0x1.0p-53;
    }

    /** Uniform in [0, bound), for a bound of at least 1. */
    public static long below(long key, long counter, long bound) {
        return Math.unsignedMultiplyHigh(bits(key, counter), bound);
    }

    /** Standard normal (Box and Muller, 1958). */
    public static double normal(long key, long counter) {
        double radius = Math.sqrt(-2 * Math.log(1 - uniform(key, 2 * counter)));
        return radius * Math.cos(2 * Math.PI * uniform(key, 2 * counter + 1));
    }

    /**
     * 32 random bits from 32-bit operations only, which vectorize: the mask of dropout keeps element
     * {@code counter} when these bits, read as unsigned, are at least {@link #dropThreshold}.
     */
    public static int bits32(long key, int counter) {
        int x = counter ^ (int) key;
        x = (x ^ (x >>> 16)) * 0x7feb352d;
        x = ((x ^ (x >>> 15)) + (int) (key >>> 32)) * 0x846ca68b;
        return x ^ (x >>> 16);
    }

    /** The unsigned 32-bit threshold below which an element is dropped at this rate in [0, 1). */
    public static int dropThreshold(double rate) {
        return (int) (long) (rate * 0x1.0p32);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
