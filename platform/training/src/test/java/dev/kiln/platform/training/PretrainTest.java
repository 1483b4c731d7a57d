package dev.kiln.platform.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.training.corpus.TokenBuffer;
import dev.kiln.platform.training.corpus.Windows;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.Weights;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.training.Progress;
import dev.kiln.spi.training.Schedule;
import dev.kiln.testkit.fixtures.TinyDecoder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PretrainTest {
    @TempDir Path temporary;

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 4, 7, 10, 12})
    void aRunThatWasKilledAndResumedEndsWithTheSameBits(long killedAfter) throws Exception {
        Path whole = temporary.resolve("whole");
        new TinyRun(whole).execute();
        Path broken = temporary.resolve("broken");
        assertThrows(Runs.Kill.class, Runs.killed(new TinyRun(broken), killedAfter)::execute);
        new TinyRun(broken).resumeAuto().execute();
        assertEquals(12, Runs.last(broken).state().step());
        Runs.assertSameBits(Runs.weights(whole), Runs.weights(broken));
    }

    @Test
    void promptsThatTheModelCannotTakeAreRefusedBeforeAnythingIsWritten() {
        Path folder = temporary.resolve("run");
        TinyRun run = new TinyRun(folder).prompts("ab", "abcde");
        assertEquals(
                "samples.prompts: prompt 2 has 5 tokens, the model's context holds 4",
                assertThrows(InvalidInput.class, run::execute).getMessage());
        assertFalse(Files.exists(folder));
        assertEquals(List.of(), run.events);
    }

    @Test
    void theRunsAboveReachTheSecondEpoch() {
        // 44 + 1 + 3 + 1 tokens in windows of 4; 12 steps of 2 batches of 3 windows
        Windows windows = new Windows(Sources.counting(49), 4, Order.SHUFFLED, 5);
        assertTrue(12 * 2 * 3 > windows.perEpoch());
    }

    /** A plugin's model whose heads of 7 are wider than its shape says. */
    private record UnsaidHeadSize(ModelFamily wide) implements ModelFamily {
        @Override
        public ModelShape shape(int vocabulary) {
            return new ModelShape(vocabulary, 4, 2, 2, 8);
        }

        @Override
        public Model build(Weights weights, int vocabulary) {
            Model model = wide.build(weights, vocabulary);
            return new Model() {
                @Override
                public ModelShape shape() {
                    return UnsaidHeadSize.this.shape(vocabulary);
                }

                @Override
                public Tensor hidden(Ops ops, Tensor ids, Tensor positions) {
                    return model.hidden(ops, ids, positions);
                }

                @Override
                public Weight outputTable(Ops ops) {
                    return model.outputTable(ops);
                }
            };
        }
    }

    @Test
    void aModelThatNoCacheFitsIsRefusedBeforeItLearns() {
        Path folder = temporary.resolve("run");
        TinyRun run =
                new TinyRun(folder).model(new UnsaidHeadSize(new TinyDecoder(4, 0.2, 0.3, 7)));
        assertEquals(
                "the model's attention is 14 wide (2 heads of 7), the attentionWidth of its shape is"
                        + " 8: caches of keys and values are made for what the shape says",
                assertThrows(InvalidInput.class, run::execute).getMessage());
        assertFalse(Files.exists(folder));
    }

    private static long last(TinyRun run) {
        return run.events.stream()
                .filter(RunEvent.Step.class::isInstance)
                .mapToLong(event -> ((RunEvent.Step) event).step())
                .max()
                .orElse(0);
    }

    private static List<String> notices(TinyRun run) {
        return run.events.stream()
                .filter(RunEvent.Notice.class::isInstance)
                .map(event -> ((RunEvent.Notice) event).message())
                .toList();
    }

    /** Nothing is learned, so that the evaluation after step 4 is never beaten. */
    private TinyRun impatient(String folder) {
        return new TinyRun(temporary.resolve(folder)).learningRate(0).steps(100).patience(2);
    }

    @Test
    void trainingEndsAfterSoManyEvaluationsThatWereNoBetter() throws Exception {
        TinyRun run = impatient("run");
        run.execute();
        assertEquals(12, last(run));
        assertEquals(
                List.of(
                        "training ends after step 12: no evaluation of the last 2 was better than"
                                + " that of step 4 (evaluation.patience)"),
                notices(run));
        assertEquals(12, Runs.last(temporary.resolve("run")).state().step());
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 4, 5, 8, 9, 11, 12})
    void aResumedRunLosesItsPatienceAtTheSameStep(long killedAfter) throws Exception {
        assertThrows(Runs.Kill.class, Runs.killed(impatient("broken"), killedAfter)::execute);
        TinyRun resumed = impatient("broken").resumeAuto();
        resumed.execute();
        assertEquals(12, Runs.last(temporary.resolve("broken")).state().step());
        TinyRun again = impatient("broken").resumeAuto();
        again.execute();
        assertEquals(0, last(again), "it has ended");
    }

    @Test
    void whereNothingIsHeldOutTheLastCheckpointIsTheBest() throws Exception {
        Sources.Texts all = new Sources.Texts(List.of("abcabdabe"), List.of(), Order.SHUFFLED);
        Path folder = temporary.resolve("run");
        TinyRun run = new TinyRun(folder).data(all);
        run.execute();
        assertEquals(1, notices(run).size());
        assertTrue(notices(run).getFirst().startsWith("nothing is held out: "));
        assertTrue(run.events.stream().noneMatch(RunEvent.Evaluated.class::isInstance));
        RunEvent.Finished end = (RunEvent.Finished) run.events.getLast();
        assertTrue(end.summary().startsWith("nothing was held out to measure on   (step 12, "));
        assertEquals(12, Runs.last(folder).state().step());
        assertFalse(Files.exists(folder.resolve("checkpoints/best.json")));
        Path broken = temporary.resolve("broken");
        assertThrows(Runs.Kill.class, Runs.killed(new TinyRun(broken).data(all), 7)::execute);
        new TinyRun(broken).data(all).resumeAuto().execute();
        Runs.assertSameBits(Runs.weights(folder), Runs.weights(broken));
    }

    @Test
    void patienceNeedsSomethingToMeasureOn() {
        Sources.Texts all = new Sources.Texts(List.of("abcabdabe"), List.of(), Order.SHUFFLED);
        assertEquals(
                "evaluation.patience: nothing is held out to measure on",
                assertThrows(InvalidInput.class, () -> impatient("run").data(all).execute())
                        .getMessage());
    }

    @Test
    void trainingLowersTheLoss() throws Exception {
        TinyRun run = new TinyRun(temporary.resolve("run")).steps(60);
        run.execute();
        List<RunEvent.Evaluated> evaluated =
                run.events.stream()
                        .filter(RunEvent.Evaluated.class::isInstance)
                        .map(RunEvent.Evaluated.class::cast)
                        .toList();
        assertEquals(15, evaluated.size());
        assertTrue(evaluated.getLast().loss() < 0.6 * evaluated.getFirst().loss());
    }

    @Test
    void eventsComeInOrderAndTheRunFolderHoldsEverything() throws Exception {
        Path folder = temporary.resolve("run");
        TinyRun run = new TinyRun(folder).steps(4);
        run.execute();
        List<String> kinds = run.events.stream().map(e -> e.getClass().getSimpleName()).toList();
        assertEquals(
                List.of(
                        "Started",
                        "Step",
                        "Step",
                        "Step",
                        "Saved",
                        "Step",
                        "Evaluated",
                        "Saved",
                        "Sampled",
                        "Finished"),
                kinds);
        for (String name : List.of("config.yaml", "environment.txt", "samples.txt", "tokenizer")) {
            assertTrue(Files.exists(folder.resolve(name)), name);
        }
        assertEquals("abxx\n\n", Files.readString(folder.resolve("samples.txt")));
    }

    @Test
    void blocksThatAreComputedAnewLeaveTheSameBits() throws Exception {
        new TinyRun(temporary.resolve("kept")).execute();
        new TinyRun(temporary.resolve("anew"))
                .checkpointing(ActivationCheckpointing.BLOCKS)
                .execute();
        Runs.assertSameBits(
                Runs.weights(temporary.resolve("kept")), Runs.weights(temporary.resolve("anew")));
    }

    @Test
    void aModelThatThinksAllTokensEquallyLikelyHasThePerplexityOfItsVocabulary() throws Exception {
        TinyRun run =
                new TinyRun(temporary.resolve("run"))
                        .model(new TinyDecoder(4, 0, 0))
                        .learningRate(0)
                        .steps(1);
        run.execute();
        RunEvent.Evaluated result =
                (RunEvent.Evaluated)
                        run.events.stream()
                                .filter(RunEvent.Evaluated.class::isInstance)
                                .findFirst()
                                .orElseThrow();
        assertEquals(257, result.perplexity(), 1e-3);
        // "abd abf" and its end of text: 8 tokens, 7 bytes
        assertEquals(8 * Math.log(257) / Math.log(2) / 7, result.bitsPerByte(), 1e-5);
    }

    @Test
    void anExistingRunFolderIsLeftAlone() throws Exception {
        Path folder = temporary.resolve("run");
        new TinyRun(folder).steps(2).execute();
        List<float[]> before = Runs.weights(folder);
        InvalidInput error = assertThrows(InvalidInput.class, () -> new TinyRun(folder).execute());
        assertEquals(
                folder
                        + ": the run folder exists; add resume=auto to go on with it, or out=FOLDER to"
                        + " begin another",
                error.getMessage());
        Runs.assertSameBits(before, Runs.weights(folder));
    }

    @Test
    void aFolderOfSomethingElseIsNeverResumed() throws Exception {
        Path folder = Files.createDirectories(temporary.resolve("photos"));
        Files.writeString(folder.resolve("cat.png"), "meow");
        assertEquals(
                folder
                        + ": can't resume: it has other files, but no config.yaml; begin another run with"
                        + " out=FOLDER",
                assertThrows(InvalidInput.class, () -> new TinyRun(folder).resumeAuto().execute())
                        .getMessage());
        try (Stream<Path> entries = Files.list(folder)) {
            assertEquals(1, entries.count());
        }
    }

    @Test
    void aRunThatCannotBeMadeWritesNothing() {
        Path folder = temporary.resolve("run");
        TinyRun run =
                new TinyRun(folder)
                        .feasibility(
                                (work, context, backend) -> {
                                    throw new InvalidInput(
                                            "too large for " + work.recipe().vocabulary());
                                });
        assertEquals(
                "too large for 257", assertThrows(InvalidInput.class, run::execute).getMessage());
        assertFalse(Files.exists(folder));
    }

    /** A rate that no training survives, from a step on. */
    private record Wild(long from) implements Schedule {
        @Override
        public double learningRate(Progress progress) {
            return progress.step() < from ? 0.01 : 1e300;
        }
    }

    @Test
    void aLossThatIsNotFiniteStopsTheRunAndKeepsTheLastGoodCheckpoint() throws Exception {
        Path folder = temporary.resolve("run");
        TinyRun wild = new TinyRun(folder).steps(9).schedule(new Wild(4));
        String message = assertThrows(InvalidInput.class, wild::execute).getMessage();
        assertTrue(message.startsWith("step 6: the loss is NaN"), message);
        assertTrue(message.contains("the first tensor that is not finite: "), message);
        assertTrue(
                message.contains("the last good checkpoint is " + Runs.last(folder).folder()),
                message);
        assertFalse(message.contains("\n"));
        assertEquals(4, Runs.last(folder).state().step());
        assertTrue(wild.events.getLast() instanceof RunEvent.Failed);
    }

    @Test
    void anErrorWithoutAMessageIsNamedByItsKind() {
        TinyRun run =
                new TinyRun(temporary.resolve("run"))
                        .schedule(
                                progress -> {
                                    throw new UnsupportedOperationException();
                                });
        assertThrows(UnsupportedOperationException.class, run::execute);
        assertEquals(
                new RunEvent.Failed("java.lang.UnsupportedOperationException"),
                run.events.getLast());
    }

    /** After step 4 comes an evaluation, before another step could find out. */
    @Test
    void aHeldOutLossThatIsNotFiniteIsNeverTheBest() throws Exception {
        Path folder = temporary.resolve("run");
        new TinyRun(folder).schedule(new Wild(3)).steps(3).execute();
        List<float[]> good = Runs.weights(folder);
        TinyRun wild = new TinyRun(folder).resumeAuto().steps(9).schedule(new Wild(3));
        String message = assertThrows(InvalidInput.class, wild::execute).getMessage();
        assertEquals(
                "step 4: held out, token 0: the model's loss is NaN; expected a number; wte.weight"
                        + " is not finite; the last good"
                        + " checkpoint is "
                        + Runs.last(folder).folder()
                        + "; a lower learning rate or training.clip may help",
                message);
        assertEquals(3, Runs.last(folder).state().step());
        Runs.assertSameBits(good, Runs.weights(folder));
    }

    @Test
    void aTruncatedCheckpointIsNamedAndTheOneBeforeItIsResumed() throws Exception {
        Path whole = temporary.resolve("whole");
        new TinyRun(whole).execute();
        Path folder = temporary.resolve("run");
        new TinyRun(folder).steps(7).execute();
        Path model = Runs.last(folder).folder().resolve("model.safetensors");
        try (FileChannel file = FileChannel.open(model, StandardOpenOption.WRITE)) {
            file.truncate(Files.size(model) - 100);
        }
        TinyRun resumed = new TinyRun(folder).resumeAuto();
        resumed.execute();
        assertTrue(
                resumed.events.getFirst() instanceof RunEvent.Notice notice
                        && notice.message().startsWith(model.toString()),
                resumed.events.getFirst()::toString);
        Runs.assertSameBits(Runs.weights(whole), Runs.weights(folder));
    }

    @Test
    void aListenerThatFailsIsLeftOutAndTheRunGoesOn() throws Exception {
        Path folder = temporary.resolve("run");
        new TinyRun(folder)
                .steps(2)
                .listener(
                        event -> {
                            throw new IllegalStateException("on purpose");
                        })
                .execute();
        assertEquals(2, Runs.last(folder).state().step());
    }

    /** After step 4 the run measures and saves before it looks whether it was interrupted. */
    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void anInterruptedRunSavesStopsAndGoesOnWithTheSameBits(long step) throws Exception {
        Path whole = temporary.resolve("whole");
        new TinyRun(whole).execute();
        Path folder = temporary.resolve("run");
        List<RunEvent> written = new ArrayList<>();
        TinyRun run =
                new TinyRun(folder)
                        .listener(
                                event -> {
                                    // What an interrupt would close.
                                    Files.writeString(temporary.resolve("event"), event.toString());
                                    written.add(event);
                                    if (event instanceof RunEvent.Step s && s.step() == step) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        String message = assertThrows(InvalidInput.class, run::execute).getMessage();
        assertFalse(Thread.interrupted());
        assertEquals(
                "stopped after step "
                        + step
                        + " of 12; its checkpoint is kept: add resume=auto to"
                        + " go on",
                message);
        assertEquals(new RunEvent.Finished(message), written.getLast());
        assertEquals(step, Runs.last(folder).state().step());
        new TinyRun(folder).resumeAuto().execute();
        Runs.assertSameBits(Runs.weights(whole), Runs.weights(folder));
    }

    @Test
    void aTokenOutsideTheVocabularyIsNamed() {
        TokenBuffer ids = new TokenBuffer();
        ids.add(1, 2, 3, 300, 5, 6, 7, 8);
        TinyRun run =
                new TinyRun(temporary.resolve("run"))
                        .data(new Sources.Ids(ids, Sources.counting(9)));
        InvalidInput error = assertThrows(InvalidInput.class, run::execute);
        assertEquals(
                "token 3 has the id 300, but the tokenizer's vocabulary ends at 256; was the file made"
                        + " with another tokenizer, or another dtype?",
                error.getMessage());
    }
}
