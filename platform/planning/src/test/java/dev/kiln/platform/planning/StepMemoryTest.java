package dev.kiln.platform.planning;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.kernels.CpuBackend;
import dev.kiln.kernels.Memory;
import dev.kiln.kernels.PlainGemm;
import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.autograd.dryrun.CountedScope;
import dev.kiln.platform.models.MemoryCheck;
import dev.kiln.platform.training.TrainingWork;
import dev.kiln.platform.training.pretrain.TextInputs;
import dev.kiln.platform.training.trainee.FreezeOptions;
import dev.kiln.platform.training.trainee.TraineeRecipe;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.FolderContext;
import dev.kiln.testkit.fixtures.TinyDecoder;
import dev.kiln.testkit.fixtures.TinyHead;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against backends of a memory that is made for the test; what is said to fit is tried. */
class StepMemoryTest {
    private static final int LENGTH = 64;
    private static final Choice<Optimizer> FULL = moments(DType.FLOAT32);
    private static final Choice<Optimizer> COMPACT = moments(DType.UINT8);
    private static final StepMemory.Words WORDS =
            new StepMemory.Words("batch=%d", "measured=%d", "again", "bytes", Optional.of(COMPACT));

    @TempDir private Path folder;

    /** Two moments a weight. */
    private static Choice<Optimizer> moments(DType type) {
        Optimizer.Attached none =
                new Optimizer.Attached() {
                    @Override
                    public void update(long step, double learningRate, double gradientScale) {}

                    @Override
                    public Map<String, dev.kiln.spi.backend.Tensor> state() {
                        return Map.of();
                    }
                };
        return new FixedChoice<>(
                "moments",
                (backend, scope, weights) -> {
                    weights.forEach(weight -> scope.allocate(type, weight.shape()));
                    weights.forEach(weight -> scope.allocate(type, weight.shape()));
                    return none;
                });
    }

    private static TrainingWork work(int batch, int measured) {
        TraineeRecipe recipe =
                new TraineeRecipe(
                        new FixedChoice<ModelFamily>("tiny", new TinyDecoder(LENGTH, 0, 0.02)),
                        1 << 20,
                        new FixedChoice<>("tiny", new TinyHead()),
                        FULL,
                        FreezeOptions.NONE,
                        Optional.empty());
        return new TrainingWork(
                recipe,
                Precision.FLOAT32,
                new TextInputs(LENGTH),
                batch,
                measured,
                ActivationCheckpointing.NONE);
    }

    private Context context() {
        return new FolderContext(1, folder);
    }

    private long need(TrainingWork work) {
        return CountedStep.of(work, context()).memory(work, (matrix, precision) -> 0).training();
    }

    private void require(TrainingWork work, long available) {
        require(work, available, WORDS);
    }

    private void require(TrainingWork work, long available, StepMemory.Words words) {
        try (CpuBackend backend =
                new CpuBackend("test", 1, Memory.ofProcess(), available, new PlainGemm())) {
            StepMemory.require(work, context(), backend, words);
            assertEquals(available, backend.availableBytes(), "nothing was allocated");
        }
    }

    private String refused(TrainingWork work, long available) {
        return refused(work, available, WORDS);
    }

    private String refused(TrainingWork work, long available, StepMemory.Words words) {
        String message =
                assertThrows(InvalidInput.class, () -> require(work, available, words))
                        .getMessage();
        assertFalse(message.contains("\n"), message);
        assertTrue(
                message.startsWith(
                        "memory: training needs %s, %s are available: "
                                .formatted(
                                        MemoryCheck.words(need(work)),
                                        MemoryCheck.words(available))),
                message);
        return message.substring(message.lastIndexOf("available: ") + "available: ".length());
    }

    @Test
    void whatFitsToTheByteIsLetThrough() {
        TrainingWork work = work(4, 0);
        assertDoesNotThrow(() -> require(work, need(work)));
        refused(work, need(work) - 1);
    }

    @Test
    void aBackendThatDoesNotKnowItsMemoryIsNotAsked() {
        assertDoesNotThrow(
                () ->
                        StepMemory.require(
                                work(1 << 20, 0), context(), new ReferenceBackend(), WORDS));
    }

    @Test
    void theLargestBatchThatFitsIsNamed() {
        TrainingWork work = work(4096, 0);
        long available = need(work.with(1000, 0));
        assertTrue(
                refused(work, available)
                        .startsWith("batch=1000 (" + MemoryCheck.words(available) + ")"));
    }

    @Test
    void everySingleChangeThatIsEnoughIsNamed() {
        TrainingWork work = work(64, 0);
        String remedy = refused(work, need(work) - 1);
        assertEquals(
                "batch=63 (%s) or again (%s) or bytes (%s) would fit"
                        .formatted(
                                MemoryCheck.words(need(work.with(63, 0))),
                                MemoryCheck.words(need(work.with(ActivationCheckpointing.BLOCKS))),
                                MemoryCheck.words(need(work.with(COMPACT)))),
                remedy);
    }

    @Test
    void aSmallerBatchToMeasureOnIsNamedWhereThatIsWhatIsTooLarge() {
        TrainingWork work = work(1, 1 << 16);
        long available = need(work.with(1, 1 << 15));
        assertTrue(
                refused(work, available).startsWith("measured=32768 ("), refused(work, available));
    }

    @Test
    void changesAreCombinedWhereOneIsNotEnough() {
        TrainingWork work = work(4096, 0);
        TrainingWork least = work.with(ActivationCheckpointing.BLOCKS).with(COMPACT);
        assertEquals(
                "again bytes batch=1 (%s) would fit"
                        .formatted(MemoryCheck.words(need(least.with(1, 0)))),
                refused(work, need(least.with(1, 0))));
    }

    @Test
    void whereNothingHelpsTheLeastIsNamed() {
        TrainingWork work = work(4, 0);
        long least = need(work.with(ActivationCheckpointing.BLOCKS).with(COMPACT).with(1, 0));
        assertEquals(
                "only a smaller model would fit, for again bytes batch=1 (%s) is too much"
                        .formatted(MemoryCheck.words(least)),
                refused(work, least - 1));
    }

    @Test
    void aBatchOfMoreTokensThanCanBeCountedIsRefused() {
        assertThrows(InvalidInput.class, () -> work(Integer.MAX_VALUE, 0));
    }

    @Test
    void aStepOfMoreBytesThanCanBeCountedIsRefused() {
        CountedScope scope = new CountedScope();
        scope.allocate(DType.FLOAT32, Shape.of(1 << 29, 1 << 28));
        InvalidInput refused =
                assertThrows(
                        InvalidInput.class,
                        () -> scope.allocate(DType.FLOAT32, Shape.of(1 << 29, 1 << 29)));
        assertEquals(
                "memory: training needs more than 2^60 bytes: only a smaller model or batch would"
                        + " fit",
                refused.getMessage());
    }

    @Test
    void anOptimizerThatRefusesToKeepLessIsNotNamed() {
        Choice<Optimizer> refusing =
                new FixedChoice<>(
                        "moments",
                        (backend, scope, weights) -> {
                            throw new InvalidInput("too large");
                        });
        TrainingWork work = work(64, 0);
        StepMemory.Words words =
                new StepMemory.Words(
                        "batch=%d", "measured=%d", "again", "bytes", Optional.of(refusing));
        assertEquals(
                "batch=63 (%s) or again (%s) would fit"
                        .formatted(
                                MemoryCheck.words(need(work.with(63, 0))),
                                MemoryCheck.words(need(work.with(ActivationCheckpointing.BLOCKS)))),
                refused(work, need(work) - 1, words));
    }
}
