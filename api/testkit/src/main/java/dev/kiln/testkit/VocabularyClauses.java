package dev.kiln.testkit;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GPT-2's vocabulary as it is, an odd number of rows, on a token's way in and out. */
interface VocabularyClauses extends Clauses {
    int TOKENS = 50257;

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    default void anUnpaddedVocabularyIsTakenAsItIs(int rows) {
        bench().check(
                        "kernels of 50,257 tokens reach the last and nothing past it",
                        kit -> inAndOut(kit, false, rows));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    default void bfloat16TakesAnUnpaddedVocabularyAsItIs(int rows) {
        bench().checkBfloat16(
                        "kernels of 50,257 tokens reach the last and nothing past it",
                        kit -> inAndOut(kit, true, rows));
    }

    private static void inAndOut(Kit kit, boolean half, int rows) {
        Backend backend = kit.backend();
        int width = 9;
        Weight table = kit.weight("table", TOKENS, width);
        Tensor ids = lastTokens(kit, rows);
        Tensor hidden = fresh(kit, half, rows, width);
        backend.embedding(hidden, table, ids);
        kit.show("embedding", hidden, 1, 0);
        Tensor logits = kit.fresh(rows, TOKENS);
        backend.logits(logits, hidden, table);
        kit.show("logits", logits, width, 3);
        Tensor losses = kit.fresh(rows);
        Tensor ones = kit.filled(1, rows);
        backend.crossEntropy(losses, logits, logits, ids, ones);
        kit.show("losses of logits", losses, TOKENS, 12);
        kit.show("dLogits", logits, TOKENS, 4);
        Tensor below = fresh(kit, half, rows, width);
        backend.projectedCrossEntropyBackward(losses, below, hidden, table, ids, ones);
        kit.show("losses", losses, TOKENS, 12);
        kit.show("dHidden", below, TOKENS, 16, half ? 8 : 0);
        backend.scatterAdd(table.gradient(), below, ids);
        kit.show("table's gradient", table.gradient(), TOKENS, 16, half ? 16 : 0);
    }

    private static Tensor fresh(Kit kit, boolean half, int rows, int columns) {
        return half ? kit.freshBfloat16(rows, columns) : kit.fresh(rows, columns);
    }

    private static Tensor lastTokens(Kit kit, int count) {
        int[] ids = new int[count];
        Arrays.setAll(ids, i -> TOKENS - 1 - i);
        return kit.ids(ids, count);
    }
}
