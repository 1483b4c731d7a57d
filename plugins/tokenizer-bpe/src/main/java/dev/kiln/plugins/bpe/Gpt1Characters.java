package dev.kiln.plugins.bpe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * What GPT-1's text standardisation does to each code point, read from {@code gpt1-characters.txt};
 * src/test/python/make_characters.py makes that file and says how it is written. Immutable and
 * thread-safe.
 */
final class Gpt1Characters {
    private static final Gpt1Characters INSTANCE = new Gpt1Characters();

    private final BitSet dropped = new BitSet();
    private final BitSet stops = new BitSet();
    private final BitSet isolated = new BitSet();
    private final BitSet punctuation = new BitSet();
    private final Map<Integer, Integer> orders = new HashMap<>();
    private final Map<Integer, int[]> mapped = new HashMap<>();

    private Gpt1Characters() {
        var resource = Gpt1Characters.class.getResourceAsStream("gpt1-characters.txt");
        try (var in = new InputStreamReader(resource, StandardCharsets.US_ASCII);
                var lines = new BufferedReader(in)) {
            lines.lines().forEach(line -> read(line.split(" ")));
        } catch (IOException e) {
            throw new AssertionError("a resource of this plugin", e);
        }
    }

    static Gpt1Characters instance() {
        return INSTANCE;
    }

    private void read(String[] words) {
        switch (words[0]) {
            case "drop" -> read(words, 1, dropped::set);
            case "stop" -> read(words, 1, stops::set);
            case "isolate" -> read(words, 1, isolated::set);
            case "punctuation" -> read(words, 1, punctuation::set);
            case "order" ->
                    read(words, 2, symbol -> orders.put(symbol, Integer.parseInt(words[1])));
            case "map" -> readMap(words);
            default -> throw new AssertionError("a line begins with " + words[0]);
        }
    }

    private static void read(String[] words, int from, IntConsumer action) {
        for (int i = from; i < words.length; i++) {
            readRange(words[i], action);
        }
    }

    private static void readRange(String range, IntConsumer action) {
        int dash = range.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash), 16);
        int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1), 16);
        for (int symbol = first; symbol <= last; symbol++) {
            action.accept(symbol);
        }
    }

    private void readMap(String[] words) {
        int[] to = new int[words.length - 3];
        for (int i = 0; i < to.length; i++) {
            to[i] = Integer.parseInt(words[i + 3], 16);
        }
        readRange(
                words[1],
                symbol -> {
                    mapped.put(symbol, to.clone());
                    to[0]++;
                });
    }

    /** Whether a code point, a surrogate included, is removed. */
    boolean isDropped(int symbol) {
        return dropped.get(symbol) || symbol >= 0xD800 && symbol < 0xE000;
    }

    /** Whether a code point is removed, but marks keep their order across it. */
    boolean isStop(int symbol) {
        return stops.get(symbol);
    }

    /** Whether a code point gets a space before and after. */
    boolean isIsolated(int symbol) {
        return isolated.get(symbol);
    }

    boolean isPunctuation(int symbol) {
        return punctuation.get(symbol);
    }

    /** The canonical combining class of a mark that is not removed; 0 for all else. */
    int order(int symbol) {
        return orders.getOrDefault(symbol, 0);
    }

    /** What a code point that is not removed becomes, not to be written to. */
    int[] become(int symbol) {
        int[] to = mapped.get(symbol);
        return to == null ? new int[] {symbol} : to;
    }
}
