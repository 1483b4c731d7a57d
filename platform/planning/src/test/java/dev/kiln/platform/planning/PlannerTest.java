package dev.kiln.platform.planning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.run.ResumeOptions;
import dev.kiln.platform.training.loop.CheckpointOptions;
import dev.kiln.platform.training.pretrain.PretrainOptions;
import dev.kiln.platform.training.trainee.FreezeOptions;
import dev.kiln.platform.training.trainee.TransferOptions;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Extensions;
import dev.kiln.spi.Factory;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.ByteTokenizerFactory;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.FolderContext;
import dev.kiln.testkit.fixtures.TinyDecoder;
import dev.kiln.testkit.fixtures.TinyHead;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plans for a decoder of L = 2 layers, width C = 8, H = 2 heads and context T = 5, with V = 11
 * tokens and B = 3 sequences in a micro-batch, against counts made by hand.
 */
class PlannerTest {
    private static final int L = 2;
    private static final int C = 8;
    private static final int H = 2;
    private static final int T = 5;
    private static final int V = 11;
    private static final int B = 3;
    private static final int FLOAT = 4;

    /** Of a block: two norms, then projections C to 3C, C to C, C to 4C, 4C to C with biases. */
    private static final long BLOCK =
            2 * 2 * C + (3 * C * C + 3 * C) + (C * C + C) + (4 * C * C + 4 * C) + (4 * C * C + C);

    private static final long PARAMETERS = V * C + T * C + L * BLOCK + 2 * C;

    @TempDir private Path folder;

    @Test
    void partsAddUpToAllParametersLayersTogether() {
        Plan plan = plan(Precision.FLOAT32);
        assertEquals(PARAMETERS, plan.parameters());
        assertTrue(plan.parts().contains(new Plan.Part("wte", V * C)), plan.parts()::toString);
        assertTrue(
                plan.parts().contains(new Plan.Part("h.*.mlp.c_fc", L * (4 * C * C + 4 * C))),
                plan.parts()::toString);
    }

    @Test
    void aTokenCostsSixOperationsForEachParameterOfAProduct() {
        // Kaplan et al., 2020, section 2.1: 2 forward and 4 backward; here with the output's table.
        long inProducts = L * (3 + 1 + 4 + 4) * C * C + (long) V * C;
        assertEquals(6.0 * inProducts, plan(Precision.FLOAT32).compute().products());
    }

    /** 3 · 10⁸ tokens: more operations than a long counts. */
    @Test
    void operationsOfAStepBeyondALongAreRight() {
        int positions = 100_000_000;
        int tokens = Integer.MAX_VALUE;
        PretrainOptions options =
                options(
                        Precision.FLOAT32,
                        ActivationCheckpointing.NONE,
                        PlannerTest::moments,
                        positions);
        Plan.Compute compute = planner().plan(options, context(), Optional.of(tokens)).compute();
        double inProducts = L * (3 + 1 + 4 + 4) * C * C + (double) tokens * C;
        assertEquals(6 * inProducts, compute.products(), 1e-9 * compute.products());
        double visibleKeysOfAToken = (positions + 1) / 2.0;
        assertEquals(
                12 * L * C * visibleKeysOfAToken, compute.attention(), 1e-9 * compute.attention());
    }

    @Test
    void attentionCostsTwelveOperationsForEachVisibleKeyAndChannel() {
        // Scores and mixtures, 2 · C each and three times: forward, and backward to both factors.
        double visibleKeysOfAToken = (1 + 2 + 3 + 4 + 5) / (double) T;
        assertEquals(
                12 * L * C * visibleKeysOfAToken, plan(Precision.FLOAT32).compute().attention());
    }

    @Test
    void weightsGradientsAndMomentsAreFloat32() {
        Plan.Memory memory = plan(Precision.FLOAT32).memory();
        assertEquals(FLOAT * PARAMETERS, memory.weights());
        assertEquals(FLOAT * PARAMETERS, memory.gradients());
        assertEquals(2 * FLOAT * PARAMETERS, memory.optimizer());
    }

    @Test
    void bfloat16KeepsTwoFormsOfMatricesAndHalvesActivations() {
        Plan.Memory half = plan(Precision.BFLOAT16).memory();
        Plan.Memory whole = plan(Precision.FLOAT32).memory();
        long matrices = V * C + T * C + L * (3 + 1 + 4 + 4) * C * C;
        assertEquals(whole.weights() + 2 * 2 * matrices, half.weights());
        assertTrue(
                half.activations() < 0.6 * whole.activations(),
                half.activations() + " of " + whole.activations());
    }

    @Test
    void activationsHoldWhatBackwardNeeds() {
        // Of a block, in units of B·T·C: two norms' and two projections' outputs, two sums, the
        // mixture, three of q, k and v, four before GELU and four after.
        long block = 2 + 2 + 2 + 1 + 3 + 4 + 4;
        long kept = FLOAT * L * block * B * T * C;
        long activations = plan(Precision.FLOAT32).memory().activations();
        assertTrue(
                kept < activations && activations < 1.6 * kept, activations + " and not " + kept);
    }

    /** The block's forward pass comes once more; the output projection does not. */
    @Test
    void blocksThatAreComputedAnewCostOneMoreForwardPassAndLessMemory() {
        Plan anew = plan(options(Precision.FLOAT32, ActivationCheckpointing.BLOCKS));
        assertEquals(8.0 * L * (3 + 1 + 4 + 4) * C * C + 6.0 * V * C, anew.compute().products());
        Plan kept = plan(Precision.FLOAT32);
        assertEquals(kept.compute().attention() * 4 / 3, anew.compute().attention());
        // What one block keeps, in units of B·T·C as above, is alive but once.
        long block = 2 + 2 + 2 + 1 + 3 + 4 + 4;
        long saved = kept.memory().activations() - anew.memory().activations();
        assertTrue(saved > FLOAT * (L - 1) * (block - 2) * B * T * C, saved + " bytes less");
    }

    @Test
    void momentsInBytesAreCountedAsBytes() {
        Plan plan =
                plan(
                        options(
                                Precision.FLOAT32,
                                ActivationCheckpointing.NONE,
                                PlannerTest::momentInBytes));
        assertEquals(PARAMETERS, plan.memory().optimizer());
    }

    /** Without gradients only one block's tensors are alive, of two sequences rather than three. */
    @Test
    void measuringNeedsLessThanAStepOfMoreSequences() {
        Plan.Memory memory = plan(Precision.FLOAT32).memory();
        assertTrue(memory.evaluation() < memory.activations() / 2, memory::toString);
        // q, k and v, the mixture and four before and after GELU are alive at the least.
        assertTrue(memory.evaluation() > FLOAT * 4 * 2 * T * C, memory::toString);
    }

    @Test
    void trainingNeedsAllOfItAtOnce() {
        Plan.Memory memory = plan(Precision.FLOAT32).memory();
        long logits = FLOAT * B * T * V;
        assertTrue(memory.process() > logits, memory::toString);
        assertEquals(
                4 * FLOAT * PARAMETERS + memory.activations() + memory.process(),
                memory.training());
    }

    @Test
    void theCacheHoldsAKeyAndAValueForEveryPosition() {
        assertEquals(2 * L * T * C * FLOAT, plan(Precision.FLOAT32).memory().cache());
    }

    @Test
    void theRunsWorkIsThatOfItsTokens() {
        Plan.Compute compute = plan(Precision.FLOAT32).compute();
        assertEquals(7, compute.updates());
        assertEquals(7 * 2 * B * T, compute.tokens());
        assertEquals(compute.total() / 1e6, compute.seconds(1e6));
    }

    @Test
    void aTokenizerThatLearnsItsSizeNeedsOneToPlanWith() {
        InvalidInput refused =
                assertThrows(
                        InvalidInput.class,
                        () ->
                                planner()
                                        .plan(
                                                options(Precision.FLOAT32),
                                                context(),
                                                Optional.empty()));
        assertTrue(refused.getMessage().contains("--vocabulary"), refused::getMessage);
    }

    private Plan plan(Precision precision) {
        return plan(options(precision));
    }

    private Plan plan(PretrainOptions options) {
        return planner().plan(options, context(), Optional.of(V));
    }

    private FolderContext context() {
        return new FolderContext(1, folder);
    }

    /** Nothing is read here. */
    private record NoConfigs() implements ConfigFiles {
        @Override
        public <O extends Record> O read(Path file, Class<O> part) {
            throw new AssertionError(file);
        }

        @Override
        public <O extends Record> O parse(String text, Path name, Class<O> part) {
            throw new AssertionError(text);
        }

        @Override
        public String write(String run, long seed, Path out, Record options) {
            throw new AssertionError(out);
        }
    }

    private static Planner planner() {
        return new Planner(new Bytes(), new TrainedModel(new Bytes(), new NoConfigs()));
    }

    private static PretrainOptions options(Precision precision) {
        return options(precision, ActivationCheckpointing.NONE);
    }

    private static PretrainOptions options(
            Precision precision, ActivationCheckpointing checkpointing) {
        return options(precision, checkpointing, PlannerTest::moments);
    }

    private static PretrainOptions options(
            Precision precision, ActivationCheckpointing checkpointing, Optimizer optimizer) {
        return options(precision, checkpointing, optimizer, T);
    }

    private static PretrainOptions options(
            Precision precision,
            ActivationCheckpointing checkpointing,
            Optimizer optimizer,
            int context) {
        return new PretrainOptions(
                new FixedChoice<>("none", new NoCorpus()),
                Optional.empty(),
                "best",
                Optional.of(new FixedChoice<>("bytes", new ByteTokenizer())),
                Optional.of(
                        new FixedChoice<ModelFamily>("tiny", new TinyDecoder(context, 0, 0.02))),
                new FixedChoice<>("tiny", new TinyHead()),
                TransferOptions.ALL,
                FreezeOptions.NONE,
                Optional.empty(),
                new FixedChoice<Backend>("reference", new ReferenceBackend()),
                PrecisionChoice.of(precision),
                new FixedChoice<>("moments", optimizer),
                new FixedChoice<>("constant", progress -> 1e-3),
                new PretrainOptions.Training(
                        B,
                        2,
                        Optional.of(7L),
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        Optional.empty(),
                        checkpointing),
                new PretrainOptions.Evaluation(4, Optional.empty(), 2, Optional.empty()),
                new CheckpointOptions(3, 2),
                new PretrainOptions.Samples(
                        Optional.empty(),
                        false,
                        0,
                        List.of(),
                        new FixedChoice<>("first", (logits, history, length, key) -> 0)),
                List.of(),
                ResumeOptions.NEVER,
                Optional.empty());
    }

    /** A byte for every element, and no scales. */
    private static Optimizer.Attached momentInBytes(
            Backend backend, Scope scope, List<Weight> weights) {
        weights.forEach(weight -> scope.allocate(DType.UINT8, weight.shape()));
        return new Optimizer.Attached() {
            @Override
            public void update(long step, double learningRate, double gradientScale) {
                backend.adamWCompact(
                        List.of(), List.of(), List.of(), new AdamWStep(1, 0, 0, 0, 1, 0, 1));
            }

            @Override
            public Map<String, Tensor> state() {
                return Map.of();
            }
        };
    }

    /** Two states a weight, as Adam has. */
    private static Optimizer.Attached moments(Backend backend, Scope scope, List<Weight> weights) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (Weight weight : weights) {
            state.put("m." + weight.name(), scope.allocate(DType.FLOAT32, weight.shape()));
            state.put("v." + weight.name(), scope.allocate(DType.FLOAT32, weight.shape()));
        }
        return new Optimizer.Attached() {
            @Override
            public void update(long step, double learningRate, double gradientScale) {}

            @Override
            public Map<String, Tensor> state() {
                return state;
            }
        };
    }

    private record NoCorpus() implements TextSource {
        @Override
        public Stream<String> documents(Split split) {
            throw new AssertionError("a plan reads no corpus");
        }
    }

    /** The one extension that is looked up: it learns its size. */
    private record Bytes() implements Extensions {
        @Override
        public <F extends Factory<?, ?>> F find(Class<F> point, String name) {
            return point.cast(new ByteTokenizerFactory());
        }

        @Override
        public <F extends Factory<?, ?>> Set<String> names(Class<F> point) {
            return Set.of("bytes");
        }
    }
}
