package dev.kiln.plugins.gpt2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Weights;
import dev.kiln.testkit.ModelFamilyContract;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.FolderContext;
import dev.kiln.testkit.fixtures.PreNorm;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class Gpt2Test extends ModelFamilyContract {

    private static Gpt2Options options(int layers, int heads, int width, int context) {
        AttentionPattern dense = (layer, queries, keys) -> new Causal(queries, keys);
        return new Gpt2Options(
                layers,
                heads,
                width,
                context,
                0,
                List.of(new FixedChoice<>("dense", dense)),
                new FixedChoice<NormPlacement>("pre", new PreNorm()));
    }

    private static ModelFamily family(Gpt2Options options) {
        return new Gpt2Factory().create(options, new FolderContext(1, Path.of("")));
    }

    /** Notes what is asked for; makes no weights. */
    private record Noted(String prefix, Map<String, Init> inits, Map<String, Shape> shapes)
            implements Weights {
        @Override
        public Weight create(String name, Shape shape, Init init) {
            inits.put(prefix + name, init);
            shapes.put(prefix + name, shape);
            return new Unmade(prefix + name, shape);
        }

        @Override
        public Weights in(String part) {
            return new Noted(prefix + part + ".", inits, shapes);
        }
    }

    private record Unmade(String name, Shape shape) implements Weight {
        @Override
        public Tensor value() {
            throw new IllegalStateException("not made");
        }

        @Override
        public boolean trainable() {
            return false;
        }

        @Override
        public Tensor gradient() {
            throw new IllegalStateException("not made");
        }
    }

    private static Noted build(Gpt2Options options, int vocabulary) {
        Noted noted = new Noted("", new HashMap<>(), new HashMap<>());
        family(options).build(noted, vocabulary);
        return noted;
    }

    @Override
    protected ModelFamily family() {
        return family(options(2, 2, 16, 12));
    }

    /** nanoGPT's formula: V·C + T·C + L·(12·C² + 13·C) + 2·C. */
    @Override
    protected OptionalLong parameters() {
        return OptionalLong.of(
                (long) vocabulary() * 16 + 12 * 16 + 2 * (12 * 16 * 16 + 13 * 16) + 2 * 16);
    }

    /** The count of Hugging Face's {@code gpt2}: 124,439,808. */
    @Test
    void theDefaultsAreThePublished124M() {
        long count =
                build(options(12, 12, 768, 1024), 50257).shapes().values().stream()
                        .mapToLong(Shape::size)
                        .sum();
        assertEquals(124_439_808, count);
    }

    /** 0.02 and 0.01 for embeddings, 0.02/√(2·12) for residual projections: the released code. */
    @Test
    void weightsAreFilledAsInTheReleasedCode() {
        Map<String, Init> inits = build(options(12, 12, 768, 1024), 50257).inits();
        assertEquals(new Init.Normal(0.02), inits.get("wte.weight"));
        assertEquals(new Init.Normal(0.01), inits.get("wpe.weight"));
        assertEquals(new Init.Normal(0.02), inits.get("h.3.attn.c_attn.weight"));
        assertEquals(new Init.Normal(0.02), inits.get("h.3.mlp.c_fc.weight"));
        Init residual = new Init.Normal(0.02 / Math.sqrt(24));
        assertEquals(residual, inits.get("h.3.attn.c_proj.weight"));
        assertEquals(residual, inits.get("h.3.mlp.c_proj.weight"));
        assertEquals(Init.ZEROS, inits.get("h.3.mlp.c_proj.bias"));
        assertEquals(Init.ONES, inits.get("ln_f.weight"));
    }

    @Test
    void headsThatDoNotDivideTheWidthAreRefused() {
        InvalidInput error = assertThrows(InvalidInput.class, () -> options(2, 3, 16, 12));
        assertEquals("heads must divide width, got heads: 3, width: 16", error.getMessage());
    }
}
