package dev.kiln.toolkit.huggingface;

import dev.kiln.spi.InvalidInput;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The values of a {@code config.json}, read by key. Immutable; every reading method throws {@link
 * InvalidInput} that names the key when it is missing or of another kind.
 */
public final class HuggingFaceConfig {
    private static final int LARGEST = 1_000_000;
    private static final int LONGEST_FOUND = 60;
    private final Map<String, Object> values;
    private final Map<String, Object> assumed;

    /** What the file calls the keys that it has by an alias. */
    private final Map<String, String> spelled = new HashMap<>();

    /**
     * @param defaults what transformers takes for keys that are not there
     */
    public HuggingFaceConfig(Map<String, Object> values, Map<String, Object> defaults) {
        this(values, defaults, Map.of());
    }

    /**
     * @param defaults what transformers takes for keys that are not there
     * @param aliases other names of keys: with both in a file the alias counts, as in transformers
     */
    public HuggingFaceConfig(
            Map<String, Object> values, Map<String, Object> defaults, Map<String, String> aliases) {
        Map<String, Object> given = new HashMap<>(values);
        aliases.forEach(
                (alias, key) -> {
                    if (values.containsKey(alias)) {
                        given.put(key, values.get(alias));
                        spelled.put(key, alias);
                    }
                });
        Map<String, Object> all = new HashMap<>(defaults);
        assumed = new TreeMap<>(defaults);
        assumed.keySet().removeAll(given.keySet());
        all.putAll(given);
        this.values = Collections.unmodifiableMap(all);
    }

    /** The defaults that were taken, by key. */
    public Map<String, Object> assumed() {
        return Collections.unmodifiableMap(assumed);
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** A size: a whole number from 1 to a million. */
    public int size(String key) {
        if (values.get(key) instanceof Integer size && size >= 1 && size <= LARGEST) {
            return size;
        }
        throw refusal(key, "a whole number from 1 to " + LARGEST);
    }

    /** A number from 0 to less than 1: a dropout rate, or a layer norm's epsilon. */
    public double fraction(String key) {
        if (values.get(key) instanceof Number number
                && number.doubleValue() >= 0
                && number.doubleValue() < 1) {
            return number.doubleValue();
        }
        throw refusal(key, "a number from 0 to less than 1");
    }

    public boolean flag(String key) {
        if (values.get(key) instanceof Boolean flag) {
            return flag;
        }
        throw refusal(key, "true or false");
    }

    /** One of these words. */
    public String word(String key, List<String> words) {
        if (values.get(key) instanceof String word && words.contains(word)) {
            return word;
        }
        throw refusal(key, words.size() == 1 ? quote(words.getFirst()) : "one of " + all(words));
    }

    private static String all(List<String> words) {
        return String.join(", ", words);
    }

    public List<?> list(String key) {
        if (values.get(key) instanceof List<?> list) {
            return list;
        }
        throw refusal(key, "a list");
    }

    /** Refuses any other value of a key; one that is not there is as good. */
    public void expectIfThere(String key, Object expected, String inWords) {
        if (has(key) && !values.get(key).equals(expected)) {
            throw refusal(key, inWords);
        }
    }

    /** The error that says what a key should be and what it is. */
    public InvalidInput refusal(String key, String expected) {
        Object found = values.get(key);
        String shown =
                found == null ? "nothing" : found instanceof String text ? quote(text) : cut(found);
        return new InvalidInput(
                spelled.getOrDefault(key, key) + ": expected " + expected + ", found " + shown);
    }

    private static String quote(String text) {
        return "'" + cut(text) + "'";
    }

    /** On one line, and not too long. */
    private static String cut(Object value) {
        String text = value.toString().replaceAll("\\p{Cntrl}", "\uFFFD");
        return text.length() <= LONGEST_FOUND ? text : text.substring(0, LONGEST_FOUND) + "…";
    }
}
