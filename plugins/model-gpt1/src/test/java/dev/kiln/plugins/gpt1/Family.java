package dev.kiln.plugins.gpt1;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Ops;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.FolderContext;
import dev.kiln.testkit.fixtures.OptionRecords;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** GPT-1s with some options. */
final class Family {
    static final FixedChoice<AttentionPattern> DENSE =
            new FixedChoice<>("dense", (layer, queries, keys) -> new Causal(queries, keys));
    static final FixedChoice<AttentionPattern> BAND =
            new FixedChoice<>("band", (layer, queries, keys) -> new Banded(queries, keys, 4));

    private Family() {}

    static Gpt1Options options(Map<String, ?> values) {
        return OptionRecords.of(Gpt1Options.class, values, choices(DENSE, "post"));
    }

    static Map<String, ?> choices(FixedChoice<AttentionPattern> attention, String norm) {
        return Map.of(
                "attention",
                List.of(attention),
                "norm",
                new FixedChoice<NormPlacement>(norm, new PostNorm()));
    }

    static ModelFamily of(Map<String, ?> values) {
        return of(options(values));
    }

    static ModelFamily of(Gpt1Options options) {
        return new Gpt1Factory().create(options, new FolderContext(1, Path.of("")));
    }

    /** norm(x + sublayer(x)), and no norm after the last block. */
    private record PostNorm() implements NormPlacement {
        @Override
        public Tensor apply(
                Ops ops,
                Tensor x,
                List<UnaryOperator<Tensor>> norms,
                UnaryOperator<Tensor> sublayer) {
            return norms.getFirst().apply(ops.add(x, sublayer.apply(x)));
        }

        @Override
        public boolean finalNorm() {
            return false;
        }
    }
}
