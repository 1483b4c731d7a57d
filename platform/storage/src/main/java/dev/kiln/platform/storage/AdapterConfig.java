package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the {@code adapter_config.json} of a peft adapter says, as far as it is plain LoRA: a matrix W
 * becomes W + α/r · B · A, or with {@code use_rslora} W + α/√r · B · A. Immutable.
 */
public final class AdapterConfig {
    /** The file in an adapter's folder. */
    public static final String FILE = "adapter_config.json";

    /** Nothing of what an adapter computes depends on these. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "auto_mapping",
                    "base_model_name_or_path",
                    "corda_config",
                    "ensure_weight_tying",
                    "eva_config",
                    "exclude_modules",
                    "fan_in_fan_out",
                    "inference_mode",
                    "layers_pattern",
                    "layers_to_transform",
                    "loftq_config",
                    "lora_dropout",
                    "lora_ga_config",
                    "megatron_config",
                    "megatron_core",
                    "peft_version",
                    "qalora_group_size",
                    "revision",
                    "runtime_config",
                    "task_type");

    private static final Set<String> READ =
            Set.of(
                    "alpha_pattern",
                    "bias",
                    "init_lora_weights",
                    "lora_alpha",
                    "modules_to_save",
                    "peft_type",
                    "r",
                    "rank_pattern",
                    "target_modules",
                    "trainable_token_indices",
                    "use_rslora");

    /** Beginnings that leave the base as it is; others, such as pissa, change its matrices. */
    private static final Set<Object> BEGINNINGS =
            Set.of(true, false, "gaussian", "eva", "orthogonal");

    /** peft writes both for a classifier, whichever the model has. */
    private static final Set<String> SAVED_MODULES = Set.of("score", "classifier");

    private static final int LARGEST_RANK = 1 << 16;

    private static final int LARGEST_ID = 1 << 28;

    private final Path file;
    private final Map<String, Object> values;

    /** How much of the change of a module is added, and the rank of its two matrices. */
    record Factor(int rank, double scale) {}

    private AdapterConfig(Path file, Map<String, Object> values) {
        this.file = file;
        this.values = values;
    }

    /**
     * @throws InvalidInput when the file is missing, no JSON object, or says something that is no
     *     plain LoRA; names the key
     */
    public static AdapterConfig read(Path folder) {
        Path file = folder.resolve(FILE);
        AdapterConfig config = new AdapterConfig(file, Json.object(file));
        config.check();
        return config;
    }

    private void check() {
        expect("peft_type", "LORA", "");
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            String key = entry.getKey();
            if (!READ.contains(key) && !WITHOUT_EFFECT.contains(key) && says(entry.getValue())) {
                throw refusal(key, "a plain LoRA adapter, without it");
            }
        }
        expect("bias", "none", "none");
        if (!BEGINNINGS.contains(values.getOrDefault("init_lora_weights", true))) {
            throw refusal(
                    "init_lora_weights",
                    "one that leaves the base's matrices as they are: true, false, gaussian, eva or"
                            + " orthogonal");
        }
        flag("use_rslora");
        factor("");
        patterns("rank_pattern").keySet().forEach(this::factor);
        patterns("alpha_pattern").keySet().forEach(this::factor);
        for (String module : strings("modules_to_save")) {
            if (!SAVED_MODULES.contains(module)) {
                throw refusal("modules_to_save", "none but score, a classifier's layer");
            }
        }
        tokens();
        targets();
    }

    private void expect(String key, String word, String unsaid) {
        if (!values.getOrDefault(key, unsaid).equals(word)) {
            throw refusal(key, word);
        }
    }

    private static boolean says(Object value) {
        return switch (value) {
            case Boolean flag -> flag;
            case Collection<?> all -> !all.isEmpty();
            case Map<?, ?> all -> !all.isEmpty();
            default -> true;
        };
    }

    /** The rank and the scale of a module's change. */
    Factor factor(String module) {
        Map<String, Object> ranks = patterns("rank_pattern");
        Map<String, Object> alphas = patterns("alpha_pattern");
        int rank = rank(match(ranks, module).orElse(values.getOrDefault("r", 8)));
        double alpha = alpha(match(alphas, module).orElse(values.getOrDefault("lora_alpha", 8)));
        return new Factor(rank, alpha / (flag("use_rslora") ? Math.sqrt(rank) : rank));
    }

    private int rank(Object value) {
        if (value instanceof Integer rank && rank >= 1 && rank <= LARGEST_RANK) {
            return rank;
        }
        throw new InvalidInput(
                file + ": r: expected a whole number from 1 to " + LARGEST_RANK + found(value));
    }

    private double alpha(Object value) {
        if (value instanceof Number alpha && Double.isFinite(alpha.doubleValue())) {
            return alpha.doubleValue();
        }
        throw new InvalidInput(file + ": lora_alpha: expected a number" + found(value));
    }

    /** By names of modules or ends of them, in the file's order; the first that fits counts. */
    private Map<String, Object> patterns(String key) {
        Map<String, Object> patterns = new LinkedHashMap<>();
        if (!(values.getOrDefault(key, Map.of()) instanceof Map<?, ?> map)) {
            throw refusal(key, "numbers by modules");
        }
        map.forEach(
                (name, value) -> {
                    if (!String.valueOf(name).matches("[\\w.]+")) {
                        throw refusal(key, "names of modules, no regular expressions");
                    }
                    patterns.put(String.valueOf(name), value);
                });
        return patterns;
    }

    private static Optional<Object> match(Map<String, Object> patterns, String module) {
        return patterns.entrySet().stream()
                .filter(entry -> isEnd(entry.getKey(), module))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Whether a module is meant by a name, as peft takes it: it ends with it, at a dot. */
    static boolean isEnd(String end, String module) {
        return ("." + module).endsWith("." + end);
    }

    private boolean flag(String key) {
        if (values.getOrDefault(key, false) instanceof Boolean flag) {
            return flag;
        }
        throw refusal(key, "true or false");
    }

    private List<String> strings(String key) {
        if (values.getOrDefault(key, List.of()) instanceof List<?> list
                && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw refusal(key, "a list of names");
    }

    /** Ends of modules' names; empty where a regular expression says them, or nothing does. */
    List<String> targets() {
        return values.get("target_modules") instanceof String
                ? List.of()
                : strings("target_modules");
    }

    /**
     * Whose rows the adapter replaces in tables of tokens, by the table's module; by the empty name
     * those of the input embeddings.
     */
    Map<String, List<Integer>> tokens() {
        Object said = values.getOrDefault("trainable_token_indices", List.of());
        Map<String, List<Integer>> tokens = new LinkedHashMap<>();
        if (said instanceof Map<?, ?> map) {
            map.forEach((module, list) -> tokens.put(String.valueOf(module), ids(list)));
        } else if (!said.equals(List.of())) {
            tokens.put("", ids(said));
        }
        return tokens;
    }

    private List<Integer> ids(Object value) {
        List<Integer> ids = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object id : list) {
                if (id instanceof Integer number && number >= 0 && number < LARGEST_ID) {
                    ids.add(number);
                }
            }
            if (Set.copyOf(ids).size() == list.size()) {
                return ids;
            }
        }
        throw refusal("trainable_token_indices", "tokens' ids, each once");
    }

    /** The least vocabulary that has all the tokens whose rows are replaced. */
    public int vocabulary() {
        return tokens().values().stream()
                .flatMap(List::stream)
                .mapToInt(id -> id + 1)
                .max()
                .orElse(0);
    }

    Path file() {
        return file;
    }

    private InvalidInput refusal(String key, String expected) {
        return new InvalidInput(
                file
                        + ": "
                        + key
                        + ": expected "
                        + expected
                        + found(values.getOrDefault(key, "nothing")));
    }

    private static String found(Object value) {
        String text = String.valueOf(value).replaceAll("\\p{Cntrl}", "\uFFFD");
        return ", found " + (text.length() <= 60 ? text : text.substring(0, 60) + "…");
    }
}
