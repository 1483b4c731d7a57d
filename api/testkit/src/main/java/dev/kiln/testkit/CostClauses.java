package dev.kiln.testkit;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How the cost of kernels grows, whatever it is. */
interface CostClauses extends Clauses {

    @Test
    default void aProductCostsInProportionToItsRows() {
        Growth.linear(
                "a product costs in proportion to its rows",
                64,
                8,
                rows ->
                        use(
                                kit -> {
                                    Tensor out = kit.fresh(rows, 64);
                                    Tensor a = kit.filled(1, rows, 64);
                                    Tensor b = kit.filled(1, 64, 64);
                                    kit.backend().matmul(out, a, false, b, false, 1, 0);
                                    kit.backend().isFinite(out);
                                }));
    }

    @Test
    default void attentionCostsInProportionToWhatItSees() {
        Growth.linear(
                "attention costs in proportion to the pairs that its layout shows",
                256,
                8,
                length -> {
                    AttentionLayout layout = new Banded(length, length, 16);
                    AttentionSpec spec = new AttentionSpec(1, layout, 1, Dropout.NONE);
                    use(
                            kit -> {
                                Tensor out = kit.fresh(1, length, 8);
                                Tensor lse = kit.fresh(1, 1, length);
                                Tensor qkv = kit.filled(1, 1, length, 24);
                                kit.backend().attention(out, lse, qkv, spec);
                                kit.backend().isFinite(out);
                            });
                });
    }

    private void use(Consumer<Kit> work) {
        Backend backend = bench().backend();
        try (Scope scope = backend.scope()) {
            work.accept(new Kit(backend, scope));
        }
    }
}
