package dev.kiln.platform.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.kiln.kernels.CpuBackend;
import dev.kiln.kernels.Memory;
import dev.kiln.kernels.PlainGemm;
import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.autograd.Adapters;
import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.training.corpus.Corpus;
import dev.kiln.platform.training.corpus.MixedWindows;
import dev.kiln.platform.training.corpus.TokenBuffer;
import dev.kiln.platform.training.loop.CheckpointOptions;
import dev.kiln.platform.training.loop.LoopOptions;
import dev.kiln.platform.training.loop.Trainer;
import dev.kiln.platform.training.pretrain.PretrainOptions;
import dev.kiln.platform.training.pretrain.TextBatch;
import dev.kiln.platform.training.pretrain.TextBatches;
import dev.kiln.platform.training.pretrain.TextObjective;
import dev.kiln.platform.training.trainee.Trainee;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.TinyDecoder;
import dev.kiln.testkit.fixtures.TinyHead;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What training steps take from memory, on the kernels of the CPU backends. */
class StepMemoryTest {
    private static final int STEPS = 300;

    private static long heapOfThisThread() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, NONE", "FLOAT32, BLOCKS", "BFLOAT16, BLOCKS"})
    void offHeapMemoryIsFlatAfterTheSecondStepAndHeapPerStepDoesNotGrow(
            Precision precision, ActivationCheckpointing checkpointing) {
        try (CpuBackend backend =
                        new CpuBackend("test", 1, Memory.ofProcess(), 1L << 30, new PlainGemm());
                Scope scope = backend.scope()) {
            Trainer<TextBatch> trainer = trainer(backend, scope, precision, checkpointing);
            step(trainer, 0);
            step(trainer, 1);
            long offHeap = backend.allocatedBytes();
            long first = heapOf(trainer, 2);
            for (int step = 3; step < STEPS; step++) {
                step(trainer, step);
            }
            long last = heapOf(trainer, STEPS);
            assertEquals(offHeap, backend.allocatedBytes(), "off-heap bytes");
            assertTrue(last <= first + 1024, "heap of a step: first " + first + ", last " + last);
        }
    }

    private static void step(Trainer<TextBatch> trainer, long step) {
        trainer.step(step, trainer.batches().at(0, 8 * step), 1e-3);
    }

    private static long heapOf(Trainer<TextBatch> trainer, long step) {
        long before = heapOfThisThread();
        step(trainer, step);
        return heapOfThisThread() - before;
    }

    private static Trainer<TextBatch> trainer(
            CpuBackend backend,
            Scope scope,
            Precision precision,
            ActivationCheckpointing checkpointing) {
        Parameters parameters = new Parameters(backend, scope, 1, true);
        Model model = new TinyDecoder(8, 0.1, 0.02).build(parameters, 257);
        LanguageModel language =
                new LanguageModel(
                        backend,
                        precision,
                        model,
                        new TinyHead().attach(parameters, model),
                        new ByteTokenizer(),
                        new Layouts());
        TokenBuffer tokens = new TokenBuffer();
        for (int i = 0; i < 4000; i++) {
            tokens.add(i % 251);
        }
        Corpus corpus =
                new Corpus(
                        List.of(new Corpus.Part("", 1, tokens, tokens, Order.SEQUENTIAL)),
                        List.of());
        PretrainOptions.Training options =
                new PretrainOptions.Training(
                        4,
                        2,
                        Optional.of((long) STEPS),
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        Optional.empty(),
                        checkpointing);
        Trainee trainee =
                new Trainee(
                        language, parameters, Adapters.none(), parameters.all(), new NoUpdates());
        LoopOptions loop =
                new LoopOptions(
                        new FixedChoice<>("constant", progress -> 1e-3),
                        1,
                        checkpointing,
                        Optional.empty(),
                        new LoopOptions.Evaluations(1, Optional.empty()),
                        new CheckpointOptions(1, 1));
        return new Trainer<>(
                trainee,
                new TextBatches(backend, new MixedWindows(corpus, 8, 1), options, 8),
                new TextObjective(language),
                loop,
                1);
    }

    private record NoUpdates() implements Optimizer.Attached {
        @Override
        public void update(long step, double learningRate, double gradientScale) {}

        @Override
        public Map<String, dev.kiln.spi.backend.Tensor> state() {
            return Map.of();
        }
    }
}
