package dev.kiln.plugins.gpt2;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.FolderContext;
import dev.kiln.testkit.fixtures.OptionRecords;
import dev.kiln.testkit.fixtures.PreNorm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** GPT-2s with some options. */
final class Family {
    static final FixedChoice<AttentionPattern> DENSE =
            new FixedChoice<>("dense", (layer, queries, keys) -> new Causal(queries, keys));
    static final FixedChoice<AttentionPattern> BAND =
            new FixedChoice<>("band", (layer, queries, keys) -> new Banded(queries, keys, 4));

    private Family() {}

    static Gpt2Options options(Map<String, ?> values) {
        return OptionRecords.of(Gpt2Options.class, values, choices(List.of(DENSE), "pre"));
    }

    static Map<String, ?> choices(List<FixedChoice<AttentionPattern>> attention, String norm) {
        return Map.of(
                "attention",
                attention,
                "norm",
                new FixedChoice<NormPlacement>(norm, new PreNorm()));
    }

    static ModelFamily of(Map<String, ?> values) {
        return of(options(values));
    }

    static ModelFamily of(Gpt2Options options) {
        return new Gpt2Factory().create(options, new FolderContext(1, Path.of("")));
    }
}
