package dev.kiln.plugins.gpt3;

import dev.kiln.spi.InvalidInput;
import dev.kiln.toolkit.DecoderSpec;
import dev.kiln.toolkit.huggingface.HuggingFaceConfig;
import dev.kiln.toolkit.huggingface.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Which layers of a GPT-Neo see all keys and which see a window of them: {@code attention_types}, a
 * list of cycles and how often each is gone through, such as {@code [[["global", "local"], 12]]}.
 */
final class AttentionTypes {
    static final String WINDOW = "window_size";
    private static final String CYCLES = "attention_types";
    private static final String LAYERS = "attention_layers";
    private static final String GLOBAL = "global";
    private static final String LOCAL = "local";

    /** Twelve times a global and a local layer. */
    private static final List<Object> DEFAULT = List.of(List.of(List.of(GLOBAL, LOCAL), 12));

    private AttentionTypes() {}

    /** What transformers takes where a config says nothing of this. */
    static Map<String, Object> defaults(HuggingFaceConfig config) {
        return config.has(LAYERS) || config.has(CYCLES) ? Map.of() : Map.of(CYCLES, DEFAULT);
    }

    /** The option {@code attention}, as short as it can be said. */
    static List<Object> read(HuggingFaceConfig config, int layers) {
        List<String> types = types(config, layers);
        return shortest(types).stream()
                .map(type -> type.equals(GLOBAL) ? "dense" : banded(config.size(WINDOW)))
                .toList();
    }

    private static Object banded(int window) {
        return Map.of("banded", Map.of("window", window));
    }

    /** As transformers has it, a list of all layers counts more than the cycles. */
    private static List<String> types(HuggingFaceConfig config, int layers) {
        List<String> types = new ArrayList<>();
        if (config.has(LAYERS)) {
            config.list(LAYERS).forEach(type -> add(type, types, config, LAYERS, layers));
        } else if (config.has(CYCLES)) {
            config.list(CYCLES).forEach(cycle -> expand(cycle, types, config, layers));
        } else {
            DEFAULT.forEach(cycle -> expand(cycle, types, config, layers));
        }
        if (types.size() != layers) {
            throw refusal(config, config.has(LAYERS) ? LAYERS : CYCLES, layers);
        }
        return types;
    }

    private static void expand(
            Object cycle, List<String> types, HuggingFaceConfig config, int layers) {
        if (!(cycle instanceof List<?> pair)
                || pair.size() != 2
                || !(pair.get(0) instanceof List<?> kinds)
                || kinds.isEmpty()
                || !(pair.get(1) instanceof Integer times)) {
            throw refusal(config, CYCLES, layers);
        }
        for (int i = 0; i < times; i++) {
            kinds.forEach(type -> add(type, types, config, CYCLES, layers));
        }
    }

    private static void add(
            Object type, List<String> types, HuggingFaceConfig config, String key, int layers) {
        if (!type.equals(GLOBAL) && !type.equals(LOCAL) || types.size() == layers) {
            throw refusal(config, key, layers);
        }
        types.add((String) type);
    }

    private static InvalidInput refusal(HuggingFaceConfig config, String key, int layers) {
        String form = key.equals(CYCLES) ? ", in the form [[[\"global\", \"local\"], 12]]" : "";
        return config.refusal(key, "global or local for each of " + layers + " layers" + form);
    }

    /** What the layers repeat a whole number of times. */
    private static List<String> shortest(List<String> types) {
        int period =
                IntStream.rangeClosed(1, types.size())
                        .filter(p -> types.size() % p == 0 && repeats(types, p))
                        .findFirst()
                        .orElseThrow();
        return types.subList(0, period);
    }

    private static boolean repeats(List<String> types, int period) {
        return IntStream.range(period, types.size())
                .allMatch(i -> types.get(i).equals(types.get(i - period)));
    }

    /**
     * What a config says of a model's attention.
     *
     * @throws InvalidInput when it can't: windows of two sizes, or neither all keys nor a window
     */
    static Map<String, Object> write(DecoderSpec spec) {
        List<OptionalInt> windows = Windows.of(spec);
        List<Integer> sizes =
                windows.stream().flatMapToInt(OptionalInt::stream).distinct().boxed().toList();
        if (sizes.size() > 1) {
            throw new InvalidInput(
                    "attention: windows of "
                            + sizes
                            + " keys, and the Hugging Face form gpt_neo has one for all layers");
        }
        List<String> types = windows.stream().map(w -> w.isPresent() ? LOCAL : GLOBAL).toList();
        List<String> cycle = shortest(types);
        Object cycles = List.of(List.of(cycle, types.size() / cycle.size()));
        return sizes.isEmpty()
                ? Map.of(CYCLES, cycles)
                : Map.of(CYCLES, cycles, WINDOW, sizes.getFirst());
    }
}
