package dev.kiln.platform.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Ops;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dropout of a weight, beside its gradient, which {@link GradientsTest} checks. */
class WeightDropoutTest {
    private final Objective objective = new Objective();

    @AfterEach
    void close() {
        objective.close();
    }

    private Tape pass(long key) {
        return new Tape(objective.backend, objective.scope, Precision.FLOAT32, new Layouts(), key);
    }

    private double[] values(Weight weight) {
        return objective.backend.values(weight.value());
    }

    @Test
    void elementsAreZeroOrScaledUp() {
        Weight weight = objective.weight(100, 10);
        double[] dropped = values(pass(1).dropout(weight, 0.25));
        double[] whole = values(weight);
        int zeros = 0;
        for (int i = 0; i < whole.length; i++) {
            zeros += dropped[i] == 0 ? 1 : 0;
            whole[i] = dropped[i] == 0 ? 0 : whole[i] / 0.75;
        }
        assertArrayEquals(whole, dropped, 1e-12);
        // 250 ± 5 deviations of a binomial distribution.
        assertTrue(Math.abs(zeros - 250) < 5 * Math.sqrt(1000 * 0.25 * 0.75), "zeros: " + zeros);
    }

    @Test
    void onePassHasOneMaskAWeight() {
        Weight weight = objective.weight(5, 4);
        Tape tape = pass(1);
        assertSame(tape.dropout(weight, 0.3), tape.dropout(weight, 0.3));
    }

    @Test
    void anotherPassAndAnotherWeightHaveOtherMasks() {
        Weight weight = objective.weight(50, 4);
        Weight other = objective.weight(50, 4);
        objective.backend.copy(other.value(), weight.value());
        Tape tape = pass(1);
        double[] first = values(tape.dropout(weight, 0.5));
        assertFalse(Arrays.equals(first, values(tape.dropout(other, 0.5))));
        assertFalse(Arrays.equals(first, values(pass(2).dropout(weight, 0.5))));
        assertArrayEquals(first, values(pass(1).dropout(weight, 0.5)));
    }

    @Test
    void itDoesNothingWithoutARateOrOutsideOfTraining() {
        Weight weight = objective.weight(5, 4);
        assertSame(weight, pass(1).dropout(weight, 0));
        Ops direct =
                new DirectOps(objective.backend, objective.scope, Precision.FLOAT32, new Layouts());
        assertSame(weight, direct.dropout(weight, 0.3));
    }

    @Test
    void aFrozenWeightIsDroppedToo() {
        Weight frozen = objective.frozen(50, 4);
        Tape tape = pass(1);
        Weight dropped = tape.dropout(frozen, 0.5);
        assertFalse(dropped.trainable());
        assertNotEquals(0, Arrays.stream(values(dropped)).filter(x -> x == 0).count());
    }
}
