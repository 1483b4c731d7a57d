package dev.kiln.testkit;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.backend.Backend;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * What every backend keeps: each kernel compared with {@link ReferenceBackend} at odd, prime, tiny
 * and large sizes, within tolerances that grow with the sums behind an element; the same bits from
 * the same calls; what may alias; what is added to; lifetimes; how cost grows; bfloat16 and frozen weights where they
 * are declared, else those clauses are skipped. Subclass it in a plugin's tests. A failure names the broken clause, the
 * element, and both numbers.
 *
 * <p>One backend serves all tests of a class. Nothing is static, so classes may run in parallel.
 */
@Experimental
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendContract
        implements ElementwiseClauses,
                ProductClauses,
                RowClauses,
                AttentionClauses,
                CachedAttentionClauses,
                CacheCopyClauses,
                HugeScoreClauses,
                LossClauses,
                VocabularyClauses,
                OptimizationClauses,
                CompactMomentClauses,
                MemoryClauses,
                CostClauses,
                FactoryClauses,
                FrozenWeightClauses,
                Bfloat16Clauses,
                Bfloat16SpecialClauses,
                Bfloat16AttentionClauses {
    private Optional<Bench> bench = Optional.empty();

    /** A new backend; the contract closes it. */
    protected abstract Backend createBackend();

    /** Bytes of memory that the backend holds, used or kept for reuse, if it can say so. */
    protected OptionalLong allocatedBytes() {
        return OptionalLong.empty();
    }

    /** What tolerances are multiplied by: more than 1 only where products are not in float32. */
    protected double toleranceFactor() {
        return 1;
    }

    @BeforeAll
    final void openBackend() {
        bench = Optional.of(new Bench(createBackend(), toleranceFactor(), this::allocatedBytes));
    }

    @AfterAll
    final void closeBackend() {
        bench.ifPresent(Bench::close);
    }

    /** For the clauses alone. */
    @Override
    public final Bench bench() {
        return bench.orElseThrow();
    }
}
