package dev.kiln.platform.benchmark;

import dev.kiln.spi.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** A tokenizer on a text, there and back; a megabyte is 10⁶ bytes of UTF-8. */
public final class TokenizeBenchmark implements Benchmark {
    private static final int WARM_UPS = 3;
    private static final int WORDS = 20_000;

    private final String tokenizerName;
    private final Tokenizer tokenizer;
    private final String source;
    private final byte[] text;
    private int[] ids;

    /**
     * Tokenizes some times.
     *
     * @param text UTF-8; one is generated if empty
     * @param source what the text is called
     */
    public TokenizeBenchmark(
            String tokenizerName, Tokenizer tokenizer, Optional<byte[]> text, String source) {
        this.tokenizerName = tokenizerName;
        this.tokenizer = tokenizer;
        this.source = source;
        this.text = text.orElseGet(() -> generate(4_000_000));
        ids = tokenizer.encodeBytes(this.text);
        for (int i = 0; i < WARM_UPS; i++) {
            round();
        }
    }

    /**
     * Sentences of made-up words: a few of them often, most of them seldom, as in a natural language
     * (Zipf's law).
     */
    static byte[] generate(int bytes) {
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(1);
        String[] words = new String[WORDS];
        for (int i = 0; i < WORDS; i++) {
            words[i] = word(random);
        }
        StringBuilder text = new StringBuilder(bytes + 64);
        while (text.length() < bytes) {
            int length = random.nextInt(4, 20);
            for (int i = 0; i < length; i++) {
                int rank = (int) Math.pow(WORDS, random.nextDouble());
                text.append(i == 0 ? "" : " ").append(words[rank - 1]);
            }
            text.append(random.nextInt(8) == 0 ? ".\n" : ". ");
        }
        return text.substring(0, bytes).getBytes(StandardCharsets.US_ASCII);
    }

    private static String word(RandomGenerator random) {
        StringBuilder word = new StringBuilder();
        int syllables = random.nextInt(1, 5);
        for (int i = 0; i < syllables; i++) {
            word.append("bcdfghjklmnprstvw".charAt(random.nextInt(17)));
            word.append("aeiou".charAt(random.nextInt(5)));
            word.append(random.nextBoolean() ? "" : "nrstl".charAt(random.nextInt(5)));
        }
        return word.toString();
    }

    @Override
    public String name() {
        return "tokenize";
    }

    @Override
    public Map<String, Object> about() {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("tokenizer", tokenizerName);
        about.put("text", source);
        about.put("bytes", text.length);
        about.put("ids", ids.length);
        return about;
    }

    @Override
    public Map<String, Map<String, Double>> round() {
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
        rows.put("encode", timed(() -> ids = tokenizer.encodeBytes(text)));
        rows.put("decode", timed(() -> tokenizer.decodeBytes(ids)));
        return rows;
    }

    private Map<String, Double> timed(Runnable work) {
        long start = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Figures.MEGABYTES_PER_SECOND, text.length / 1e6 / seconds);
        figures.put(Figures.MILLISECONDS, 1e3 * seconds);
        return figures;
    }

    @Override
    public void close() {
        // There is nothing to give back.
    }
}
