package dev.kiln.plugins.gpt3;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.attention.Sparse;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.FolderContext;
import dev.kiln.testkit.fixtures.OptionRecords;
import dev.kiln.testkit.fixtures.PreNorm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** GPT-3s with some options, attention among them as YAML has it. */
final class Family {
    private Family() {}

    static ModelFamily of(Map<String, ?> values) {
        return of(values, List.of("dense", band(256)));
    }

    static ModelFamily of(Map<String, ?> values, List<?> attention) {
        return new Gpt3Factory()
                .create(options(values, attention), new FolderContext(1, Path.of("")));
    }

    static Map<String, ?> band(int window) {
        return Map.of("banded", Map.of("window", window));
    }

    private static Gpt3Options options(Map<String, ?> values, List<?> attention) {
        return OptionRecords.of(
                Gpt3Options.class,
                values,
                Map.of(
                        "attention",
                        attention.stream().map(Family::choice).toList(),
                        "norm",
                        new FixedChoice<NormPlacement>("pre", new PreNorm())));
    }

    private static FixedChoice<AttentionPattern> choice(Object yaml) {
        return yaml instanceof Map<?, ?> map
                ? new FixedChoice<>("banded", banded((Map<?, ?>) map.get("banded")))
                : yaml.equals("dense")
                        ? new FixedChoice<>("dense", (layer, q, keys) -> new Causal(q, keys))
                        : new FixedChoice<>("itself", Family::itself);
    }

    private static AttentionPattern banded(Map<?, ?> options) {
        int window = (Integer) options.get("window");
        return (layer, queries, keys) -> new Banded(queries, keys, window);
    }

    /** No key but the query's own, said as a sparse layout. */
    private static Sparse itself(int layer, int queries, int keys) {
        int[] rowStart = new int[queries + 1];
        int[] bounds = new int[2 * queries];
        for (int i = 0; i < queries; i++) {
            rowStart[i + 1] = i + 1;
            bounds[2 * i] = keys - queries + i;
            bounds[2 * i + 1] = keys - queries + i + 1;
        }
        return new Sparse(queries, keys, rowStart, bounds);
    }
}
