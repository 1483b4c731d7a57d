package dev.kiln.testkit;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Factory;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.Range;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Sparse;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import dev.kiln.spi.data.TokenSource;
import dev.kiln.spi.data.Tokens;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.TaskPart;
import dev.kiln.spi.generation.Sampler;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.spi.training.Schedule;
import dev.kiln.spi.training.ScheduleFactory;
import dev.kiln.testkit.fixtures.ByteTokenizerFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** One broken extension after the other: each fails its contract, which names the broken clause. */
class SeededFaultsTest {

    @TestFactory
    Stream<DynamicTest> aBrokenExtensionIsFoundAndItsClauseIsNamed() {
        return Stream.of(
                fault(
                        Overlapping.class,
                        "everyRowHoldsItselfAndNothingLater()",
                        "arguments in range give sorted, disjoint spans"),
                fault(
                        SeesTheFuture.class,
                        "everyRowHoldsItselfAndNothingLater()",
                        "no row sees the future; layout(layer 0, queries 1, keys 2): row 0 sees"
                                + " position 2, later than its own, 1"),
                fault(
                        SeesTheFuture.class,
                        "aRowIsTheSameWithACacheAndWithout()",
                        "no row sees the future"),
                fault(
                        ForgetsItself.class,
                        "layoutsHaveTheLengthsAskedFor()",
                        "a row holds itself; layout(layer 0, queries 1, keys 2)"),
                fault(
                        RefusesShortTexts.class,
                        "aTextGivenAsUtf8HasTheSameIds()",
                        "a text given as utf8 has the same ids; thrown was"
                                + " java.lang.IllegalStateException: too short"),
                fault(
                        QuadraticPattern.class,
                        "costFollowsTheVisibleKeys()",
                        "cost follows the number of visible keys"),
                fault(NotThreadSafe.class, "threadsGetTheSameIds()", "thread-safe"),
                fault(
                        QuadraticTokenizer.class,
                        "costFollowsTheLengthOfTheText()",
                        "cost follows the length of the text"),
                fault(
                        MaskIgnored.class,
                        "aWeightOfZeroMasksARow()",
                        "a row of weight 0 has no loss and no gradient"),
                fault(
                        DetachedNorm.class,
                        "gradientsReachXAndEveryWeight()",
                        "the gradient is that of the losses"),
                fault(
                        MissingGradient.class,
                        "gradientsReachTheStatesAndEveryWeight()",
                        "the gradient is that of the losses"),
                fault(
                        DetachedModel.class,
                        "gradientsReachEveryWeight()",
                        "the gradient is that of the losses"),
                fault(
                        Negative.class,
                        "everyRateIsFiniteAndAtLeastZero()",
                        "a rate is finite and at least 0"),
                fault(
                        CountsCalls.class,
                        "theSameProgressHasTheSameRate()",
                        "a rate is a pure function of progress"),
                fault(NeverLearns.class, "someStepLearns()", "some step of a run learns"),
                fault(
                        WalksTheRun.class,
                        "aRateCostsTheSameAtEveryStep()",
                        "a rate costs the same at every step"),
                fault(
                        BadName.class,
                        "theFactorysNameIsAWordOfYaml()",
                        "a factory's name is [a-z0-9-]+"),
                fault(BadName.class, "everyOptionIsDocumented()", "every option has a @Doc"),
                fault(BadName.class, "theFactoryHasNoState()", "a factory is stateless"),
                fault(
                        BadName.class,
                        "everyOptionHasATypeThatYamlKnows()",
                        "an option is an int, long, double"),
                fault(
                        BadName.class,
                        "everyDefaultFitsItsOption()",
                        "a default fits its option; volume: \"11\""),
                fault(
                        BadName.class,
                        "theFactoryIsFoundAndConstructed()",
                        "a factory carries @Extension"),
                fault(
                        IgnoresTheKey.class,
                        "theKeyIsWhatChanceComesFrom()",
                        "other keys make other choices"),
                fault(
                        OutsideTheVocabulary.class,
                        "theChoiceIsATokenOfTheVocabulary()",
                        "the choice is in [0, V)"),
                fault(
                        ChoosesMasked.class,
                        "theChoiceIsATokenOfTheVocabulary()",
                        "a logit of negative infinity is never chosen"),
                fault(
                        OwnRandomness.class,
                        "theSameKeyMakesTheSameChoice()",
                        "the choice follows from logits, history and key alone"),
                fault(
                        LosesState.class,
                        "whatStateHoldsIsEnoughToGoOn()",
                        "state() is all that a checkpoint must keep"),
                fault(
                        ClimbsUp.class,
                        "everyWeightGoesDownItsGradient()",
                        "an update goes down the gradient"),
                fault(
                        ForgetsToRefresh.class,
                        "mastersWrittenAreRefreshed()",
                        "a master that was written is refreshed"),
                fault(
                        ForgetsTheScale.class,
                        "theScaleMultipliesTheGradients()",
                        "gradients are multiplied by gradientScale first"),
                fault(
                        OtherOrder.class,
                        "aSplitIsAlwaysTheSame()",
                        "a split is always the same in the same order"),
                fault(
                        LearnsWhatIsHeldOut.class,
                        "whatIsHeldOutIsNotLearned()",
                        "what is held out is not learned"),
                fault(
                        CopiesTooMuch.class,
                        "tokensAreCopiedFromAnywhere()",
                        "copy(from, out, offset, count) copies just these"),
                fault(PartsOverlap.class, "partsShareNoExample()", "parts share no example"),
                fault(
                        AnswerOutOfRange.class,
                        "everyAnswerIsOneThatThereIs()",
                        "an answer is one of the labels or choices"),
                fault(
                        SameIds.class,
                        "everyExampleOfAPartHasItsOwnId()",
                        "each example of a part has its own id"),
                fault(
                        RefusesNaN.class,
                        "numbersThatAreNoneAreTaken(java.nio.file.Path)",
                        "a loss that is NaN is taken"),
                fault(
                        LeavesAThread.class,
                        "nothingIsLeftBehind(java.nio.file.Path)",
                        "close ends the listener's threads"),
                fault(
                        RewritesEverything.class,
                        "anEventCostsTheSameHoweverLongTheRun(java.nio.file.Path)",
                        "an event costs the same however long the run"),
                fault(
                        WritesTooEarly.class,
                        "creatingItDoesNothing(java.nio.file.Path)",
                        "create writes nothing, execute does"),
                fault(
                        NeverTwiceTheSame.class,
                        "theSameOptionsGiveTheSameFiles(java.nio.file.Path)",
                        "the same options and seed give the same bytes"));
    }

    private static DynamicTest fault(Class<?> contract, String test, String clause) {
        return dynamicTest(
                contract.getSimpleName() + ": " + clause,
                () -> Failures.mustName(clause, contract, test));
    }

    static class Overlapping extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return (layer, queries, keys) -> {
                int[] starts = new int[queries + 1];
                int[] bounds = new int[4 * queries];
                for (int row = 0; row < queries; row++) {
                    int position = keys - queries + row;
                    int[] spans = {0, position + 1, position / 2, position + 1};
                    System.arraycopy(spans, 0, bounds, 4 * row, 4);
                    starts[row + 1] = 2 * row + 2;
                }
                return new Sparse(queries, keys, starts, bounds);
            };
        }
    }

    /** One span a row, which its own layout refuses: it ends beside the row's position. */
    private static AttentionPattern ending(int beside) {
        return (layer, queries, keys) -> {
            int[] starts = new int[queries + 1];
            int[] bounds = new int[2 * queries];
            for (int row = 0; row < queries; row++) {
                starts[row + 1] = row + 1;
                int end = keys - queries + row + 1;
                bounds[2 * row + 1] = keys == 1 ? end : end + beside;
            }
            return new Sparse(queries, keys, starts, bounds);
        };
    }

    static class SeesTheFuture extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return ending(1);
        }
    }

    static class ForgetsItself extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return ending(-1);
        }
    }

    /** Throws what no clause looks for. */
    static class RefusesShortTexts extends OfBytes {
        @Override
        protected Tokenizer tokenizer() {
            return new FaultyTokenizer(
                    text -> {
                        if (text.length() < 5) {
                            throw new IllegalStateException("too short");
                        }
                        return FaultyTokenizer.BYTES.encode(text);
                    });
        }
    }

    /** Shows each position itself alone, and looks at all pairs to find that out. */
    static class QuadraticPattern extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return (layer, queries, keys) -> {
                int[] starts = new int[queries + 1];
                int[] bounds = new int[2 * queries];
                for (int row = 0; row < queries; row++) {
                    starts[row + 1] = row + 1;
                    for (int key = 0; key < keys; key++) {
                        if (Math.sqrt(key) == Math.sqrt(keys - queries + row)) {
                            bounds[2 * row] = key;
                            bounds[2 * row + 1] = key + 1;
                        }
                    }
                }
                return new Sparse(queries, keys, starts, bounds);
            };
        }
    }

    abstract static class OfBytes extends TokenizerContract {
        @Override
        protected TokenizerFactory<?> factory() {
            return new ByteTokenizerFactory();
        }
    }

    /** Each text in a buffer that all share. */
    static class NotThreadSafe extends OfBytes {
        private final StringBuilder buffer = new StringBuilder();

        @Override
        protected Tokenizer tokenizer() {
            return new FaultyTokenizer(
                    text -> {
                        buffer.setLength(0);
                        LockSupport.parkNanos(100_000); // Others come in between, on any machine.
                        buffer.append(text);
                        return FaultyTokenizer.BYTES.encode(buffer.toString());
                    });
        }
    }

    static class QuadraticTokenizer extends OfBytes {
        @Override
        protected Tokenizer tokenizer() {
            return new FaultyTokenizer(
                    text -> {
                        int[] ids = {};
                        for (byte id :
                                FaultyTokenizer.BYTES.decodeBytes(
                                        FaultyTokenizer.BYTES.encode(text))) {
                            ids = Arrays.copyOf(ids, ids.length + 1);
                            ids[ids.length - 1] = id & 0xff;
                        }
                        return ids;
                    });
        }
    }

    /** A row that is masked has its loss all the same. */
    static class MaskIgnored extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.of("crossEntropy", (losses, i) -> losses[i] == 0 ? 1 : losses[i]);
        }
    }

    /** Adds what it computed outside of Ops. */
    static class DetachedNorm extends NormPlacementContract {
        @Override
        protected NormPlacement placement() {
            return new NormPlacement() {
                @Override
                public Tensor apply(
                        Ops ops,
                        Tensor x,
                        List<UnaryOperator<Tensor>> norms,
                        UnaryOperator<Tensor> sublayer) {
                    return ops.add(x, detached(ops, sublayer.apply(norms.getFirst().apply(x))));
                }

                @Override
                public boolean finalNorm() {
                    return false;
                }
            };
        }
    }

    /** What {@code x} is, with no way back to it. */
    private static Tensor detached(Ops ops, Tensor x) {
        double[] values = ((ReferenceTensor) x).reals();
        Tensor copy = ops.scale(x, 1);
        ReferenceTensor cut = new ReferenceTensor(copy.type(), copy.shape());
        System.arraycopy(values, 0, cut.reals(), 0, values.length);
        return cut;
    }

    static class MissingGradient extends TaskHeadContract {
        @Override
        protected TaskHead head() {
            return (weights, model) ->
                    new FaultyHead(weights, model) {
                        @Override
                        public Tensor losses(Ops ops, Tensor hidden, HeadInput input) {
                            return super.losses(ops, detached(ops, hidden), input);
                        }
                    };
        }
    }

    static class DetachedModel extends ModelFamilyContract {
        @Override
        protected ModelFamily family() {
            return new FaultyModel((ops, x, ids, positions) -> detached(ops, x));
        }
    }

    static class Negative extends ScheduleContract {
        @Override
        protected Schedule schedule() {
            return progress -> 1 - 1.01 * progress.step() / progress.steps();
        }
    }

    static class CountsCalls extends ScheduleContract {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        protected Schedule schedule() {
            return progress -> 1.0 / calls.incrementAndGet();
        }
    }

    static class NeverLearns extends ScheduleContract {
        @Override
        protected Schedule schedule() {
            return progress -> progress.step() / 10 / progress.steps();
        }
    }

    static class WalksTheRun extends ScheduleContract {
        @Override
        protected Schedule schedule() {
            return progress -> {
                double rate = 1;
                for (long step = 0; step < progress.step(); step++) {
                    rate *= Math.cos(1e-6 * rate);
                }
                return rate;
            };
        }
    }

    static class BadName extends ScheduleContract {
        @Override
        protected Schedule schedule() {
            return progress -> 1;
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new Shouting());
        }

        record Loud(@Default("11") @Range(max = 10) int volume, float[] echoes) {}

        static final class Shouting implements ScheduleFactory<Loud> {
            private int calls;

            @Override
            public String name() {
                return "Very_Loud";
            }

            @Override
            public Class<Loud> options() {
                return Loud.class;
            }

            @Override
            public Schedule create(Loud options, Context context) {
                calls++;
                return progress -> calls;
            }
        }
    }

    static class IgnoresTheKey extends SamplerContract {
        @Override
        protected Sampler sampler() {
            return (logits, history, length, key) -> highest(logits);
        }
    }

    static int highest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    static class OutsideTheVocabulary extends SamplerContract {
        @Override
        protected Sampler sampler() {
            return (logits, history, length, key) ->
                    (int) Randomness.below(key, 0, logits.length + 1);
        }
    }

    static class ChoosesMasked extends SamplerContract {
        @Override
        protected Sampler sampler() {
            return (logits, history, length, key) -> (int) Randomness.below(key, 0, logits.length);
        }
    }

    static class OwnRandomness extends SamplerContract {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        protected Sampler sampler() {
            return (logits, history, length, key) -> calls.incrementAndGet() % logits.length;
        }
    }

    /** Descent with a momentum that state() says nothing of. */
    static class LosesState extends OptimizerContract {
        @Override
        protected Optimizer optimizer() {
            return (backend, scope, weights) -> {
                List<Tensor> momenta =
                        weights.stream()
                                .map(w -> backend.weight(scope, w.name(), w.shape(), false).value())
                                .toList();
                return new Descent(backend, weights, momenta, 1, Map.of());
            };
        }
    }

    static class ClimbsUp extends OptimizerContract {
        @Override
        protected Optimizer optimizer() {
            return (backend, scope, weights) ->
                    new Descent(backend, weights, List.of(), -1, Map.of());
        }
    }

    static class ForgetsToRefresh extends OptimizerContract {
        @Override
        protected Optimizer optimizer() {
            return (backend, scope, weights) ->
                    new Optimizer.Attached() {
                        @Override
                        public void update(long step, double rate, double scale) {
                            weights.forEach(
                                    w -> backend.addScaled(w.value(), w.gradient(), -rate * scale));
                        }

                        @Override
                        public Map<String, Tensor> state() {
                            return Map.of();
                        }
                    };
        }
    }

    static class ForgetsTheScale extends OptimizerContract {
        @Override
        protected Optimizer optimizer() {
            return (backend, scope, weights) -> {
                Optimizer.Attached descent = new Descent(backend, weights, List.of(), 1, Map.of());
                return new Optimizer.Attached() {
                    @Override
                    public void update(long step, double rate, double scale) {
                        descent.update(step, rate, 1);
                    }

                    @Override
                    public Map<String, Tensor> state() {
                        return descent.state();
                    }
                };
            };
        }
    }

    private record Descent(
            Backend backend,
            List<Weight> weights,
            List<Tensor> momenta,
            int sign,
            Map<String, Tensor> state)
            implements Optimizer.Attached {
        @Override
        public void update(long step, double rate, double scale) {
            for (int i = 0; i < weights.size(); i++) {
                Tensor direction = weights.get(i).gradient();
                double factor = scale;
                if (!momenta.isEmpty()) {
                    backend.scale(momenta.get(i), momenta.get(i), 0.9);
                    backend.addScaled(momenta.get(i), direction, scale);
                    direction = momenta.get(i);
                    factor = 1;
                }
                backend.addScaled(weights.get(i).value(), direction, -sign * rate * factor);
                backend.refresh(weights.get(i));
            }
        }
    }

    static class OtherOrder extends DataSourceContract {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        protected DataSource source() {
            return (TextSource)
                    split ->
                            calls.incrementAndGet() % 2 == 0
                                    ? Stream.of("a", "b")
                                    : Stream.of("b", "a");
        }
    }

    static class LearnsWhatIsHeldOut extends DataSourceContract {
        @Override
        protected DataSource source() {
            return (TextSource)
                    split -> split == Split.TRAIN ? Stream.of("a", "b") : Stream.of("b");
        }
    }

    static class CopiesTooMuch extends DataSourceContract {
        @Override
        protected DataSource source() {
            return (TokenSource) split -> new Ones();
        }

        private record Ones() implements Tokens {
            @Override
            public long size() {
                return 3000;
            }

            @Override
            public void copy(long from, int[] out, int offset, int count) {
                Arrays.fill(out, offset, out.length, 1);
            }
        }
    }

    static class PartsOverlap extends EvalTaskContract {
        @Override
        protected EvalTask task() {
            return Examples.TASK.with(
                    TaskPart.TEST, List.of(Examples.TASK.examples(TaskPart.TRAIN).getFirst()));
        }
    }

    static class AnswerOutOfRange extends EvalTaskContract {
        @Override
        protected EvalTask task() {
            return Examples.TASK.with(
                    TaskPart.TEST, List.of(Examples.example("t1", "wet", new Answer.Choice(2))));
        }
    }

    static class SameIds extends EvalTaskContract {
        @Override
        protected EvalTask task() {
            return Examples.TASK.with(
                    TaskPart.TEST,
                    List.of(
                            Examples.example("t1", "wet", new Answer.Choice(0)),
                            Examples.example("t1", "dry", new Answer.Choice(1))));
        }
    }

    static class RefusesNaN extends RunListenerContract {
        @Override
        protected RunListener listener(Path runFolder) {
            return event -> {
                if (event instanceof RunEvent.Step step && Double.isNaN(step.loss())) {
                    throw new ArithmeticException("no loss");
                }
            };
        }
    }

    static class LeavesAThread extends RunListenerContract {
        @Override
        protected RunListener listener(Path runFolder) {
            return event -> Thread.ofPlatform().name("watch").start(LeavesAThread::sleep);
        }

        private static void sleep() {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static class RewritesEverything extends RunListenerContract {
        @Override
        protected RunListener listener(Path runFolder) {
            List<RunEvent> all = new ArrayList<>();
            return event -> {
                all.add(event);
                if (all.toString().isEmpty()) {
                    throw new IllegalStateException();
                }
            };
        }
    }

    static class WritesTooEarly extends RunContract {
        @Override
        protected Run run(Path runFolder) throws Exception {
            Files.createDirectories(runFolder);
            return () -> {};
        }
    }

    static class NeverTwiceTheSame extends RunContract {
        @Override
        protected Run run(Path runFolder) {
            return () -> {
                Files.createDirectories(runFolder);
                Files.writeString(runFolder.resolve("time.txt"), "" + System.nanoTime());
            };
        }
    }
}
