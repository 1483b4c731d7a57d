package dev.kiln.plugins.bpe;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tokenizer_config.json} says, and the older {@code special_tokens_map.json}, which
 * transformers reads over it where it has no {@value #DECODER}. Immutable.
 */
final class TokenizerConfig {
    static final String NAME = "tokenizer_config.json";
    static final String DECODER = "added_tokens_decoder";
    private static final String MAP = "special_tokens_map.json";
    private static final String SPACE = "add_prefix_space";
    private static final String CLASS = "tokenizer_class";
    private static final String EXTRA = "extra_special_tokens";
    private static final String ADDITIONAL = "additional_special_tokens";

    /** What transformers writes for a tokenizer that takes texts of any length. */
    private static final BigInteger NO_LIMIT = new BigInteger("1000000000000000019884624838656");

    /** In the order in which transformers gives them ids. */
    private static final List<String> NAMES =
            List.of(
                    "bos_token",
                    "eos_token",
                    "unk_token",
                    "sep_token",
                    "pad_token",
                    "cls_token",
                    "mask_token");

    /** A value and the file that has it. */
    record Said(Path file, Json value) {
        InvalidInput unexpected(String expected) {
            return value.unexpected(file, expected);
        }

        private boolean isNull() {
            return value.shown().equals("null");
        }
    }

    private final Map<String, Said> config;
    private final Map<String, Said> map;

    private TokenizerConfig(Map<String, Said> config, Map<String, Said> map) {
        this.config = config;
        this.map = map;
    }

    static void write(Path folder, Kind kind, BpeTables tables) throws IOException {
        Map<String, @Nullable Object> values = new TreeMap<>();
        // Left out, a name would have its default.
        kind.specialTokens().keySet().forEach(name -> values.put(name, null));
        values.putAll(tables.names());
        if (kind == Kind.BYTE_LEVEL) {
            values.put(SPACE, tables.spaceBefore());
        }
        values.put("model_max_length", NO_LIMIT);
        values.put(CLASS, kind.tokenizerClass());
        Path file = folder.resolve(NAME);
        try (JsonGenerator json = Json.FACTORY.createGenerator(file.toFile(), JsonEncoding.UTF8)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            for (Map.Entry<String, @Nullable Object> value : values.entrySet()) {
                json.writeFieldName(value.getKey());
                switch (value.getValue()) {
                    case Boolean is -> json.writeBoolean(is);
                    case BigInteger number -> json.writeNumber(number);
                    case String text -> json.writeString(text);
                    case null, default -> json.writeNull();
                }
            }
            json.writeEndObject();
        }
    }

    /**
     * @throws InvalidInput when a file is broken; names the place
     */
    static TokenizerConfig read(Path folder) throws IOException {
        Map<String, Said> config = members(folder.resolve(NAME));
        Map<String, Said> map =
                config.containsKey(DECODER) ? Map.of() : members(folder.resolve(MAP));
        return new TokenizerConfig(config, map);
    }

    /** What the members of a file's object are; none of a file that isn't there. */
    static Map<String, Said> members(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Map.of();
        }
        Json json = Json.read(file, "settings");
        if (!(json instanceof Json.Members members)) {
            throw json.unexpected(file, "an object");
        }
        Map<String, Said> said = new LinkedHashMap<>();
        members.values().forEach((key, value) -> said.put(key, new Said(file, value)));
        return said;
    }

    /**
     * The special tokens that have a name, by it: text, or an object with its flags. A name that is
     * said to have none is there with null.
     */
    Map<String, Said> named() {
        Map<String, Said> named = new LinkedHashMap<>();
        NAMES.forEach(name -> said(name).ifPresent(value -> named.put(name, value)));
        for (Map<String, Said> file : List.of(config, map)) {
            file.forEach(
                    (key, value) -> {
                        if (key.endsWith("_token") && value.value() instanceof Json.Text) {
                            named.putIfAbsent(key, value);
                        }
                    });
        }
        named.values().forEach(TokenizerConfig::checkToken);
        return named;
    }

    private static void checkToken(Said token) {
        if (!token.isNull()
                && !(token.value() instanceof Json.Text)
                && !(token.value() instanceof Json.Members)) {
            throw token.unexpected("a token");
        }
    }

    /** The special tokens without a name of those that make one of {@code added_tokens.json} so. */
    List<Said> extra() {
        List<Said> extra = new ArrayList<>(list(config.get(EXTRA)));
        if (extra.isEmpty()) {
            extra.addAll(list(config.get(ADDITIONAL)));
        }
        extra.addAll(list(map.get(EXTRA)));
        return extra;
    }

    /** All special tokens without a name. */
    List<Said> allExtra() {
        List<Said> extra = extra();
        return extra.isEmpty() ? list(map.get(ADDITIONAL)) : extra;
    }

    private static List<Said> list(@Nullable Said said) {
        if (said == null || said.isNull()) {
            return List.of();
        }
        List<Json> values =
                switch (said.value()) {
                    case Json.Items items -> items.values();
                    case Json.Members members -> List.copyOf(members.values().values());
                    default -> throw said.unexpected("a list of tokens");
                };
        List<Said> tokens = values.stream().map(value -> new Said(said.file(), value)).toList();
        tokens.forEach(TokenizerConfig::checkToken);
        return tokens;
    }

    /** Added tokens by their ids, where the file lists them. */
    Optional<Said> decoder() {
        return Optional.ofNullable(config.get(DECODER));
    }

    private Optional<Said> said(String key) {
        return Optional.ofNullable(map.getOrDefault(key, config.get(key)));
    }

    /**
     * Whether a space is put before a text: GPT-2's class of transformers takes it from this file,
     * others from {@code tokenizer.json}.
     *
     * @param whole what {@code tokenizer.json} says
     */
    boolean isSpaceBefore(Kind kind, boolean whole) {
        return isOfClass(kind) ? is(SPACE) : whole;
    }

    /**
     * Checks what only files without a {@code tokenizer.json} leave to this one.
     *
     * @throws InvalidInput when it is of another tokenizer
     */
    void checkClass(Kind kind) {
        if (!isOfClass(kind)) {
            throw config.get(CLASS).unexpected(CLASS + " " + kind.tokenizerClass());
        }
    }

    /**
     * The ids around every text, which a {@code tokenizer.json} would say itself: those of a beginning
     * and an end that there are.
     *
     * @param names special tokens by their names
     */
    Frame frame(Map<String, String> names, Map<String, Integer> ids) {
        return new Frame(
                added("add_bos_token", names.get("bos_token"), ids),
                added("add_eos_token", names.get("eos_token"), ids));
    }

    private List<Integer> added(String key, @Nullable String token, Map<String, Integer> ids) {
        return is(key) && token != null ? List.of(ids.get(token)) : List.of();
    }

    /** Whether this is of the class of transformers whose defaults a kind has. */
    boolean isOfClass(Kind kind) {
        Said name = config.get(CLASS);
        return name == null
                || name.isNull()
                || name.value() instanceof Json.Text text
                        && (text.value().equals(kind.tokenizerClass())
                                || text.value().equals(kind.tokenizerClass() + "Fast"));
    }

    private boolean is(String key) {
        Said said = config.get(key);
        if (said == null || said.isNull()) {
            return false;
        }
        return switch (said.value().shown()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw said.unexpected(key + " true or false");
        };
    }
}
