package dev.kiln.platform.storage;

import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.model.HuggingFaceModel;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How the matrices of a model are called in adapters: by the modules that they are, or are parts of,
 * in transformers. A fused c_attn is one module in GPT-2 and three, q_proj, k_proj and v_proj, in
 * GPT-Neo. Immutable.
 */
public final class AdapterLayout {
    /** What peft puts before the names of a model. */
    static final String ROOT = "base_model.model.";

    /** What the names of a head's weights begin with, here and there. */
    static final String HEAD = "head.";

    static final String SCORE = "score.";

    /** What follows the module of a table of which there are only some rows. */
    static final String ROWS = ".token_adapter.trainable_tokens_delta";

    /** Names that a refusal gives, at most. */
    private static final int NAMES = 8;

    private final String prefix;
    private final SequencedMap<String, Placement> matrices = new LinkedHashMap<>();
    private final SequencedMap<String, Placement> tables = new LinkedHashMap<>();

    /**
     * @param weights the shapes of all weights of the model, by Kiln's names
     * @param matrices the weights that may have adapters
     * @param tables the weights that have a row for each token, the input embeddings first
     * @throws IllegalArgumentException when the model's own description doesn't fit its weights
     */
    public AdapterLayout(
            HuggingFaceModel model,
            Map<String, Shape> weights,
            Set<String> matrices,
            Collection<String> tables) {
        prefix = model.prefix();
        for (Placement part : HuggingFaceWeights.placements(model, weights)) {
            if (matrices.contains(part.tensor().weight())) {
                this.matrices.put(module(part), part);
            }
        }
        for (String table : tables) {
            HuggingFaceWeights.placements(model, weights).stream()
                    .filter(part -> part.tensor().weight().equals(table) && part.isPlain())
                    .forEach(part -> this.tables.put(module(part), part));
        }
    }

    private static String module(Placement part) {
        return part.tensor().name().replaceFirst("\\.weight$", "");
    }

    /** The matrix that is a module, with the model's prefix or without it. */
    Optional<Placement> matrix(String module) {
        return Optional.ofNullable(matrices.get(full(module)));
    }

    /** The table that is a module. */
    Optional<Placement> table(String module) {
        return Optional.ofNullable(tables.get(full(module)));
    }

    /** What a module is called in a whole model. */
    String full(String module) {
        return matrices.containsKey(module) || tables.containsKey(module)
                ? module
                : prefix + module;
    }

    /** The tables of tokens by their modules, the input embeddings first. */
    SequencedMap<String, Placement> tables() {
        return tables;
    }

    /** A weight's parts, by their modules. */
    SequencedMap<String, Placement> parts(String weight) {
        SequencedMap<String, Placement> parts = new LinkedHashMap<>();
        Stream.concat(matrices.entrySet().stream(), tables.entrySet().stream())
                .filter(entry -> entry.getValue().tensor().weight().equals(weight))
                .forEach(entry -> parts.put(entry.getKey(), entry.getValue()));
        return parts;
    }

    /** Whether some matrix is meant by a name. */
    boolean hasMatrix(String end) {
        return matrices.keySet().stream().anyMatch(module -> AdapterConfig.isEnd(end, module));
    }

    /** Whether matrices lie as transformers' Conv1D holds them, [in, out]. */
    boolean conv1d() {
        return matrices.values().stream().noneMatch(part -> part.tensor().transposed());
    }

    /** The shortest ends of names that mean these modules and no other matrix. */
    List<String> targets(Set<String> modules) {
        return modules.stream().map(module -> target(module, modules)).distinct().toList();
    }

    private String target(String module, Set<String> modules) {
        String[] words = module.split("\\.");
        for (int from = words.length - 1; from > 0; from--) {
            String end = String.join(".", List.of(words).subList(from, words.length));
            boolean exact =
                    matrices.keySet().stream()
                            .filter(other -> AdapterConfig.isEnd(end, other))
                            .allMatch(modules::contains);
            if (exact) {
                return end;
            }
        }
        return module;
    }

    /** The first modules, for a refusal. */
    String names() {
        String more = matrices.size() > NAMES ? " and " + (matrices.size() - NAMES) + " more" : "";
        return matrices.keySet().stream()
                .limit(NAMES)
                .reduce((all, next) -> String.format(Locale.ROOT, "%s, %s", all, next))
                .map(all -> all + more)
                .orElse("none");
    }
}
