package dev.kiln.platform.benchmark;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model to measure. Dropout is off, as it is for the peers.
 *
 * @param name what the command line calls it
 * @param options of the family, as YAML has them
 */
record Sizes(String name, String family, Map<String, Object> options, int vocabulary) {
    private static final int BYTE_LEVEL = 50_257;

    /** The four published sizes of GPT-2, and the CPU config of nanoGPT's character model. */
    private static final List<Sizes> ALL =
            List.of(
                    gpt2("gpt2-124m", 12, 12, 768, 1024, BYTE_LEVEL),
                    gpt2("gpt2-355m", 24, 16, 1024, 1024, BYTE_LEVEL),
                    gpt2("gpt2-774m", 36, 20, 1280, 1024, BYTE_LEVEL),
                    gpt2("gpt2-1558m", 48, 25, 1600, 1024, BYTE_LEVEL),
                    gpt2("shakespeare-char", 4, 4, 128, 64, 65));

    private static Sizes gpt2(
            String name, int layers, int heads, int width, int context, int vocabulary) {
        Map<String, Object> options =
                Map.of(
                        "layers", layers,
                        "heads", heads,
                        "width", width,
                        "context", context,
                        "dropout", 0);
        return new Sizes(name, "gpt2", options, vocabulary);
    }

    static Optional<Sizes> named(String name) {
        return ALL.stream().filter(sizes -> sizes.name().equals(name)).findFirst();
    }

    static Sizes defaults(String family) {
        return new Sizes(family, family, Map.of(), BYTE_LEVEL);
    }

    static List<String> names() {
        return ALL.stream().map(Sizes::name).toList();
    }
}
