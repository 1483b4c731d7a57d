package dev.kiln.platform.training.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.platform.training.loop.Batches;
import dev.kiln.platform.training.loop.Course;
import dev.kiln.platform.training.loop.Update;
import dev.kiln.platform.training.pretrain.PretrainOptions.BatchRamp;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

public class BatchPlanTest {
    private static final int CONTEXT = 4;

    /** Batches of 3 sequences, 12 tokens. */
    private static PretrainOptions.Training training(int accumulation, BatchRamp ramp) {
        return training(3, accumulation, Optional.empty(), Optional.of(228L), ramp);
    }

    private static PretrainOptions.Training training(
            int batch,
            int accumulation,
            Optional<Long> steps,
            Optional<Long> tokens,
            BatchRamp ramp) {
        return new PretrainOptions.Training(
                batch,
                accumulation,
                steps,
                tokens,
                Optional.empty(),
                1,
                Optional.of(ramp),
                ActivationCheckpointing.NONE);
    }

    private static Course course(PretrainOptions.Training training, int context) {
        return new Course(new Planned(TextPlan.of(training, context), training.batch(), context));
    }

    /** Updates of the planned sizes, with nothing to read. */
    private record Planned(TextPlan plan, int batch, int context) implements Batches<Integer> {
        @Override
        public Update<Integer> at(long tokens, long position) {
            return new Sized(plan.batches(tokens), batch, context, position);
        }

        @Override
        public Length length(long step, long tokens) {
            return plan.length(step, tokens);
        }
    }

    private record Sized(int batches, int batch, int context, long position)
            implements Update<Integer> {
        @Override
        public long tokens() {
            return (long) batches * batch * context;
        }

        @Override
        public long end() {
            return place(batches);
        }

        @Override
        public long place(int index) {
            return position + (long) index * batch;
        }

        @Override
        public Integer upload(int index, Scope scope) {
            return index;
        }
    }

    private static List<Integer> walk(Course course, PretrainOptions.Training training) {
        Planned planned = new Planned(TextPlan.of(training, CONTEXT), training.batch(), CONTEXT);
        List<Integer> batches = new ArrayList<>();
        while (!course.isOver()) {
            Update<Integer> update = planned.at(course.tokens(), course.position());
            batches.add(update.batches());
            course.advance(update);
        }
        return batches;
    }

    /**
     * By hand: 12 + 36 · tokens / 120 tokens are 24 at 40, 36 at 80 and 48 at 120 tokens, and the
     * updates begin at 0, 12, 24, 36, 48, 72, 96, 132 and 180.
     */
    @Test
    void theBatchGrowsInAStraightLineInTokensAndInWholeBatches() {
        PretrainOptions.Training training = training(4, new BatchRamp(12, 120));
        Course course = course(training, CONTEXT);
        assertEquals(9, course.steps());
        assertEquals(228, course.progress().totalTokens());
        assertEquals(List.of(1, 1, 1, 1, 2, 2, 3, 4, 4), walk(course, training));
        assertEquals(228, course.tokens());
        assertEquals(228 / CONTEXT, course.position());
    }

    @Test
    void aBeginningBetweenTwoBatchesIsRoundedDown() {
        // 30 + 18 · tokens / 120: 36 at 40, 48 at 120; they end at 24, 48, 84, 120, 168, 216, 264.
        PretrainOptions.Training training = training(4, new BatchRamp(30, 120));
        Course course = course(training, CONTEXT);
        assertEquals(List.of(2, 2, 3, 3, 4, 4, 4), walk(course, training));
    }

    @Test
    void aRampThatBeginsFullIsNone() {
        Course course = course(training(2, new BatchRamp(24, 120)), CONTEXT);
        assertEquals(10, course.steps());
        assertEquals(240, course.progress().totalTokens());
    }

    /** The figures come from a loop over exact fractions in Python, update by update. */
    @Test
    void stepsOfGpt3sRampAreCountedExactly() {
        Course large =
                course(
                        training(
                                16,
                                96,
                                Optional.empty(),
                                Optional.of(300_000_000_000L),
                                new BatchRamp(32_768, 12_000_000_000L)),
                        2048);
        assertEquals(111_355, large.steps());
        assertEquals(300_000_935_936L, large.progress().totalTokens());
        Course small =
                course(
                        training(
                                16,
                                96,
                                Optional.of(8_241L),
                                Optional.empty(),
                                new BatchRamp(40_000, 4_000_000_000L)),
                        2048);
        assertEquals(10_001_973_248L, small.progress().totalTokens());
    }

    @Test
    void theRunEndsByStepsOrTokensWhicheverComeFirst() {
        BatchRamp ramp = new BatchRamp(12, 120);
        Optional<Long> tokens = Optional.of(100L);
        assertEquals(7, course(training(3, 4, Optional.of(8L), tokens, ramp), 4).steps());
        assertEquals(5, course(training(3, 4, Optional.of(5L), tokens, ramp), 4).steps());
    }

    @Test
    void aResumedRunGoesOnFromItsTokensWhateverTheBatch() {
        PretrainOptions.Training training = training(4, new BatchRamp(12, 120));
        Course course = course(training, CONTEXT);
        course.resume(new CheckpointState(3, 100, 25, Optional.empty(), Map.of()));
        assertEquals(25, course.position());
        // 100 → 136 → 184 → 232
        assertEquals(List.of(3, 4, 4), walk(course, training));
        assertEquals(6, course.steps());
        assertEquals(232, course.progress().totalTokens());
    }

    @Test
    void aRampThatDoesNotFitTheBatchIsRefused() {
        assertEquals(
                "training.batchRamp.from is 49 tokens, expected at most those of the full update, 48"
                        + " (batch · gradientAccumulation · context)",
                refusal(49, 120));
        assertEquals(
                "training.batchRamp.from is 11 tokens, expected at least those of one batch, 12 (batch"
                        + " · context): use a smaller training.batch and more gradientAccumulation",
                refusal(11, 120));
    }

    @Test
    void aRampOverNothingIsRefused() {
        assertEquals(
                "training.batchRamp: expected at least 1 token, found from 12 and over 0",
                refusal(12, 0));
    }

    private static String refusal(long from, long over) {
        return assertThrows(
                        InvalidInput.class,
                        () -> course(training(4, new BatchRamp(from, over)), CONTEXT))
                .getMessage();
    }

    @Test
    void aRunOfMoreTokensThanALongCountsIsRefused() {
        BatchPlan plan = new BatchPlan(12, 4, Optional.empty());
        for (Executable run :
                List.<Executable>of(
                        () -> plan.tokens(0, Long.MAX_VALUE / 12),
                        () -> plan.steps(0, Long.MAX_VALUE))) {
            assertEquals(
                    "training: a run of more than 2^63 tokens; expected fewer steps or tokens",
                    assertThrows(InvalidInput.class, run).getMessage());
        }
    }
}
