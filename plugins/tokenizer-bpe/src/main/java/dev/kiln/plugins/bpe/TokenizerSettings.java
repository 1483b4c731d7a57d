package dev.kiln.plugins.bpe;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Spelling;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks the settings of a {@code tokenizer.json}: each has a value under which the file means what
 * Kiln does, and none is unknown.
 */
final class TokenizerSettings {
    private static final List<String> ANY = List.of();

    /** What is read elsewhere or is not about a text's ids; with all that is below. */
    private static final Set<String> APART =
            Set.of(
                    "version",
                    "truncation",
                    "padding",
                    "added_tokens",
                    PostProcessor.KEY,
                    "model.vocab",
                    "model.merges");

    private static final List<String> NO_MARK = List.of("\"\"", "null");
    private static final List<String> TRUE = List.of("true");
    private static final List<String> FALSE = List.of("false");

    private static final Map<String, List<String>> BYTE_LEVEL =
            Map.ofEntries(
                    Map.entry("normalizer", List.of("null")),
                    Map.entry("pre_tokenizer.type", List.of("\"ByteLevel\"")),
                    Map.entry("pre_tokenizer.add_prefix_space", List.of("false", "true")),
                    Map.entry("pre_tokenizer.trim_offsets", ANY),
                    Map.entry("pre_tokenizer.use_regex", TRUE),
                    Map.entry("decoder.type", List.of("\"ByteLevel\"")),
                    Map.entry("decoder.add_prefix_space", ANY),
                    Map.entry("decoder.trim_offsets", ANY),
                    Map.entry("decoder.use_regex", ANY),
                    Map.entry("model.type", List.of("\"BPE\"")),
                    Map.entry("model.dropout", List.of("null", "0.0")),
                    Map.entry("model.unk_token", ANY),
                    Map.entry("model.continuing_subword_prefix", NO_MARK),
                    Map.entry("model.end_of_word_suffix", NO_MARK),
                    Map.entry("model.fuse_unk", ANY),
                    Map.entry("model.byte_fallback", FALSE),
                    Map.entry("model.ignore_merges", FALSE));

    private static final Map<String, List<String>> END_OF_WORD =
            Map.ofEntries(
                    Map.entry("normalizer.type", List.of("\"BertNormalizer\"")),
                    Map.entry("normalizer.clean_text", TRUE),
                    Map.entry("normalizer.handle_chinese_chars", TRUE),
                    Map.entry("normalizer.strip_accents", List.of("null", "true")),
                    Map.entry("normalizer.lowercase", TRUE),
                    Map.entry("pre_tokenizer.type", List.of("\"BertPreTokenizer\"")),
                    Map.entry("decoder.type", List.of("\"BPEDecoder\"")),
                    Map.entry("decoder.suffix", List.of("\"</w>\"")),
                    Map.entry("model.type", List.of("\"BPE\"")),
                    Map.entry("model.dropout", List.of("null", "0.0")),
                    Map.entry("model.unk_token", List.of("\"<unk>\"")),
                    Map.entry("model.continuing_subword_prefix", NO_MARK),
                    Map.entry("model.end_of_word_suffix", List.of("\"</w>\"")),
                    Map.entry("model.fuse_unk", FALSE),
                    Map.entry("model.byte_fallback", FALSE),
                    Map.entry("model.ignore_merges", FALSE));

    /** What a file must say, since its absence would mean something else. */
    private static final Set<String> NEEDED =
            Set.of(
                    "normalizer.type",
                    "pre_tokenizer.type",
                    "pre_tokenizer.add_prefix_space",
                    "decoder.type",
                    "model.vocab",
                    "model.merges");

    private final Path file;
    private final Map<String, List<String>> allowed;
    private final Set<String> seen = new HashSet<>();

    private TokenizerSettings(Path file, Kind kind) {
        this.file = file;
        this.allowed =
                new TreeMap<>(
                        switch (kind) {
                            case BYTE_LEVEL -> BYTE_LEVEL;
                            case END_OF_WORD -> END_OF_WORD;
                        });
    }

    /**
     * @throws InvalidInput when a setting is unknown or has a value that Kiln lacks; names its place
     */
    static void check(Path file, Json.Members root, Kind kind) {
        TokenizerSettings settings = new TokenizerSettings(file, kind);
        // The kind of model first: it says best what is wrong with another tokenizer's file.
        if (root.values().get("model") instanceof Json.Members model
                && model.values().containsKey("type")) {
            settings.check("model.type", model.values().get("type"));
        }
        root.values().forEach(settings::check);
        settings.requireNeeded();
    }

    private void check(String key, Json value) {
        seen.add(key);
        if (APART.contains(key)) {
            return;
        }
        List<String> values = allowed.get(key);
        if (values != null) {
            if (!values.isEmpty() && !values.contains(value.shown())) {
                throw wrong(file, key, value, String.join(" or ", values));
            }
        } else if (value instanceof Json.Members members && isParent(key)) {
            members.values().forEach((name, child) -> check(key + "." + name, child));
        } else if (isParent(key)) {
            throw wrong(file, key, value, "an object");
        } else {
            throw unknown(key, value);
        }
    }

    private InvalidInput unknown(String key, Json value) {
        String meant =
                Spelling.nearest(key, allowed.keySet())
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("");
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s:%s: unknown setting %s%s",
                        file,
                        value.place(),
                        key,
                        meant));
    }

    private boolean isParent(String key) {
        return allowed.keySet().stream().anyMatch(known -> known.startsWith(key + "."));
    }

    static InvalidInput wrong(Path file, String key, Json value, String expected) {
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s:%s: %s: expected %s, found %s",
                        file,
                        value.place(),
                        key,
                        expected,
                        found(value)));
    }

    private static String found(Json value) {
        if (value instanceof Json.Members members && members.values().get("type") != null) {
            return "an object of type " + members.values().get("type").shown();
        }
        return value.shown();
    }

    private void requireNeeded() {
        for (String key : NEEDED) {
            if ((allowed.containsKey(key) || APART.contains(key)) && !seen.contains(key)) {
                throw new InvalidInput(
                        String.format(Locale.ROOT, "%s: expected a setting %s", file, key));
            }
        }
    }
}
