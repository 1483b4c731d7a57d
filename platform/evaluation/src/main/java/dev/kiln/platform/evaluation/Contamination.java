package dev.kiln.platform.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which items have thirteen words in a row that are in a training text too (Brown et al., 2020,
 * appendix C)? Small and capital letters are the same, punctuation is nothing. Used by one thread.
 */
public final class Contamination {
    static final int LENGTH = 13;

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    /** What is counted of a word that leaves the row: FACTOR to the power of LENGTH. */
    private static final long LEAVING = power();

    private final Map<Long, List<Integer>> itemsOf = new HashMap<>();
    private final boolean[] longEnough;
    private final boolean[] overlaps;

    /**
     * What was found.
     *
     * @param tooShort items of less than thirteen words, of which nothing can be said
     * @param overlapping of the others
     * @param clean indices of all items that do not overlap
     */
    public record Result(int items, int tooShort, int overlapping, int[] clean) {}

    Contamination(List<String> items) {
        longEnough = new boolean[items.size()];
        overlaps = new boolean[items.size()];
        for (int i = 0; i < items.size(); i++) {
            int item = i;
            rows(
                    items.get(i),
                    row -> {
                        longEnough[item] = true;
                        itemsOf.computeIfAbsent(row, any -> new ArrayList<>()).add(item);
                    });
        }
    }

    /** Looks through a training text. */
    void read(String text) {
        rows(text, row -> itemsOf.getOrDefault(row, List.of()).forEach(i -> overlaps[i] = true));
    }

    Result result() {
        return new Result(
                overlaps.length,
                (int) indices().filter(i -> !longEnough[i]).count(),
                (int) indices().filter(i -> overlaps[i]).count(),
                indices().filter(i -> !overlaps[i]).toArray());
    }

    private IntStream indices() {
        return IntStream.range(0, overlaps.length);
    }

    /** Hashes of all rows of thirteen words; 64 bits, so that two rows with one hash are a marvel. */
    private static void rows(String text, LongConsumer row) {
        long[] last = new long[LENGTH];
        long hash = 0;
        Matcher words = WORD.matcher(text.toLowerCase(Locale.ROOT));
        for (int n = 0; words.find(); n++) {
            long word = hash(words.group());
            hash = hash * FACTOR + word - last[n % LENGTH] * LEAVING;
            last[n % LENGTH] = word;
            if (n >= LENGTH - 1) {
                row.accept(hash);
            }
        }
    }

    private static long hash(String letters) {
        long hash = 1;
        for (int i = 0; i < letters.length(); i++) {
            hash = (hash ^ letters.charAt(i)) * 0x100000001B3L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    private static long power() {
        long power = 1;
        for (int i = 0; i < LENGTH; i++) {
            power *= FACTOR;
        }
        return power;
    }
}
