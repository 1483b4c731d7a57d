package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.fail;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.WeightFormat;
import dev.kiln.testkit.Kit.Result;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;

/** Runs a clause on the backend under test, twice, and on the oracle, and compares. */
final class Bench implements AutoCloseable {
    /** Distance of float32 numbers around 1. */
    private static final double UNIT = 0x1p-23;

    private static final int ENOUGH_FOR_A_MEAN = 500;

    private final Backend backend;
    private final double toleranceFactor;
    private final Supplier<OptionalLong> allocatedBytes;

    Bench(Backend backend, double toleranceFactor, Supplier<OptionalLong> allocatedBytes) {
        this.backend = backend;
        this.toleranceFactor = toleranceFactor;
        this.allocatedBytes = allocatedBytes;
    }

    Backend backend() {
        return backend;
    }

    /** What the backend holds, for clauses on memory. */
    OptionalLong allocatedBytes() {
        return allocatedBytes.get();
    }

    /**
     * @param clause the sentence of the contract that is broken when results differ
     */
    void check(String clause, Consumer<Kit> body) {
        List<Result> actual = run(backend, body);
        List<Result> again = run(backend, body);
        List<Result> expected;
        try (Backend reference = new ReferenceBackend()) {
            expected = run(reference, body);
        }
        for (int r = 0; r < expected.size(); r++) {
            compare(clause, expected.get(r), actual.get(r).values());
            if (expected.get(r).type() == DType.BFLOAT16) {
                compareSides(clause, expected.get(r), actual.get(r).values());
            }
            sameBits(actual.get(r), again.get(r).values());
        }
    }

    /** Skips the clause where the backend has no BFLOAT16. */
    void checkBfloat16(String clause, Consumer<Kit> body) {
        assumeBfloat16();
        check("bfloat16: " + clause, body);
    }

    /** Skips the clause where the backend keeps no frozen weights of the format. */
    void checkFrozen(WeightFormat format, String clause, Consumer<Kit> body) {
        assumeFrozen(format);
        check("frozen " + format + ": " + clause, body);
    }

    void assumeFrozen(WeightFormat format) {
        Assumptions.assumeTrue(
                backend.capabilities().weightFormats().contains(format),
                "the backend does not declare frozen weights of " + format);
    }

    void assumeBfloat16() {
        Assumptions.assumeTrue(
                backend.capabilities().types().contains(DType.BFLOAT16),
                "the backend does not declare BFLOAT16");
    }

    private static List<Result> run(Backend backend, Consumer<Kit> body) {
        try (Scope scope = backend.scope()) {
            Kit kit = new Kit(backend, scope);
            body.accept(kit);
            Reference.reachabilityFence(kit); // backends know no more than addresses of its memory
            return kit.results();
        }
    }

    private void compare(String clause, Result expected, double[] actual) {
        for (int i = 0; i < actual.length; i++) {
            double right = expected.values()[i];
            double tolerance = computing(expected, right) + rounding(expected, right);
            if (!Double.isFinite(right)) {
                fail("the contract itself is wrong: " + at(expected, i) + " should be " + right);
            }
            if (!(Math.abs(actual[i] - right) <= tolerance)) {
                fail(
                        "broken clause: "
                                + clause
                                + "; "
                                + at(expected, i)
                                + " is "
                                + actual[i]
                                + ", expected "
                                + right
                                + " ± "
                                + tolerance);
            }
        }
    }

    /** What sums in float32 may be off by. */
    private double computing(Result expected, double right) {
        double unit = toleranceFactor * UNIT * (8 + 4 * Math.sqrt(expected.length()));
        return unit * (expected.magnitude() + Math.abs(right));
    }

    /** One rounding of the result beside a tie may go the other way, and so may those before. */
    private double rounding(Result expected, double right) {
        double own = expected.type() == DType.BFLOAT16 ? Bfloat16.ulp(right) : 0;
        return toleranceFactor * (own + 0x1p-8 * expected.roundings());
    }

    /**
     * Numbers that were cut off, not rounded, are each within the tolerance, but all on one side:
     * half a unit of the last place too small in the mean. Where float32's own error is larger than
     * that unit, as beside 0, a number tells nothing.
     */
    private void compareSides(String clause, Result expected, double[] actual) {
        double sum = 0;
        for (int i = 0; i < actual.length; i++) {
            double right = expected.values()[i];
            double unit = Bfloat16.ulp(right);
            if (unit > computing(expected, right)) {
                sum += Math.clamp((Math.abs(actual[i]) - Math.abs(right)) / unit, -1, 1);
            }
        }
        double mean = sum / actual.length;
        if (actual.length >= ENOUGH_FOR_A_MEAN && Math.abs(mean) > 0.25) {
            fail(
                    String.format(
                            Locale.ROOT,
                            "broken clause: %s; results are rounded to nearest: the magnitudes of %s%s are"
                                    + " off by %.2f units of the last place in the mean",
                            clause,
                            expected.name(),
                            expected.shape(),
                            mean));
        }
    }

    private static void sameBits(Result first, double[] again) {
        for (int i = 0; i < again.length; i++) {
            if (Double.compare(first.values()[i], again[i]) != 0) {
                fail(
                        "broken clause: the same calls give the same bits; "
                                + at(first, i)
                                + " was "
                                + first.values()[i]
                                + ", then "
                                + again[i]);
            }
        }
    }

    private static String at(Result result, int element) {
        return "element " + element + " of " + result.name() + result.shape();
    }

    @Override
    public void close() {
        backend.close();
    }
}
