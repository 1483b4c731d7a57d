package dev.kiln.platform.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.run.Stopped;
import dev.kiln.platform.training.trainee.LoraOptions;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.testkit.fixtures.TinyDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fine-tuning that is interrupted, and that adds up gradients. */
class FinetuneResumeTest {
    private static final LoraOptions LORA =
            new LoraOptions(2, 4, List.of("c_attn", "mlp.c_fc"), 0.2);

    @TempDir Path temporary;

    @BeforeEach
    void pretrain() throws Exception {
        new TinyRun(base()).model(new TinyDecoder(8, 0.1, 0.3)).steps(3).execute();
    }

    private Path base() {
        return temporary.resolve("base");
    }

    private TinyTuning tuning(String folder) {
        return new TinyTuning(base(), temporary.resolve(folder));
    }

    /** Whenever it dies, and again, the run ends as if nothing had happened. */
    private void assertResumedToTheBit(UnaryOperator<TinyTuning> kind, long steps)
            throws Exception {
        kind.apply(tuning("whole")).execute();
        for (long killed = 1; killed < steps; killed++) {
            String name = "killed-" + killed;
            TinyTuning first = kind.apply(tuning(name)).killedAfter(killed);
            assertThrows(Runs.Kill.class, first::execute);
            long again = Math.min(killed + 2, steps - 1);
            TinyTuning second = kind.apply(tuning(name)).resumeAuto().killedAfter(again);
            assertThrows(Runs.Kill.class, second::execute);
            kind.apply(tuning(name)).resumeAuto().execute();
            Path folder = temporary.resolve(name);
            Path whole = temporary.resolve("whole");
            Runs.assertSameBits(Runs.weights(whole), Runs.weights(folder));
            assertEquals(
                    Files.readString(whole.resolve("results.json")),
                    Files.readString(folder.resolve("results.json")));
        }
    }

    @Test
    void aRunOfAllWeightsIsResumedToTheBit() throws Exception {
        assertResumedToTheBit(run -> run, 12);
    }

    @Test
    void aRunOfAdaptersIsResumedToTheBit() throws Exception {
        assertResumedToTheBit(run -> run.lora(LORA), 12);
    }

    @Test
    void aRunThatAddsUpGradientsIsResumedToTheBit() throws Exception {
        assertResumedToTheBit(run -> run.batch(3, 4), 6);
    }

    @Test
    void whatItBeganWithIsNotNeededAfterItsFirstCheckpoint() throws Exception {
        assertThrows(Runs.Kill.class, tuning("run").lora(LORA).killedAfter(5)::execute);
        Files.move(base(), temporary.resolve("elsewhere"));
        tuning("run").lora(LORA).resumeAuto().execute();
        assertEquals(12, Runs.last(temporary.resolve("run")).state().step());
    }

    @Test
    void otherOptionsAreRefusedByKeyWithBothValues() throws Exception {
        assertThrows(Runs.Kill.class, tuning("run").killedAfter(5)::execute);
        TinyTuning other = tuning("run").seed(6).batch(8, 1).epochs(4).resumeAuto();
        assertEquals(
                temporary.resolve("run")
                        + ": can't resume: other options than in config.yaml: seed 5 -> 6,"
                        + " training.batch 4 -> 8, training.epochs 3 -> 4; begin another run with"
                        + " out=FOLDER, or allow them with resume.allow",
                assertThrows(InvalidInput.class, other::execute).getMessage());
    }

    private static List<RunEvent.Step> steps(TinyTuning run) throws Exception {
        List<RunEvent.Step> steps = new ArrayList<>();
        run.listener(
                        event -> {
                            if (event instanceof RunEvent.Step step) {
                                steps.add(step);
                            }
                        })
                .execute();
        return steps;
    }

    /** 16 examples in one update: as one batch, or as batches of 7, 7 and 2 of unequal tokens. */
    @Test
    void batchesOfUnequalTokensAddUpToTheGradientOfTheWhole() throws Exception {
        Path plain = temporary.resolve("plain");
        new TinyRun(plain).model(new TinyDecoder(8, 0, 0.3)).steps(3).execute();
        RunEvent.Step whole =
                steps(new TinyTuning(plain, temporary.resolve("one")).batch(16, 1).epochs(1))
                        .getFirst();
        RunEvent.Step parts =
                steps(new TinyTuning(plain, temporary.resolve("three")).batch(7, 3).epochs(1))
                        .getFirst();
        assertEquals(whole.tokens(), parts.tokens());
        assertEquals(whole.loss(), parts.loss(), 1e-6 * whole.loss());
        assertEquals(whole.gradientNorm(), parts.gradientNorm(), 1e-6 * whole.gradientNorm());
        List<float[]> one = Runs.weights(temporary.resolve("one"));
        List<float[]> three = Runs.weights(temporary.resolve("three"));
        for (int i = 0; i < one.size(); i++) {
            assertArrayEquals(one.get(i), three.get(i), 1e-4f);
        }
    }

    @Test
    void blocksThatAreComputedAgainChangeNoBit() throws Exception {
        tuning("kept").execute();
        tuning("again").checkpointing(ActivationCheckpointing.BLOCKS).execute();
        Runs.assertSameBits(
                Runs.weights(temporary.resolve("kept")), Runs.weights(temporary.resolve("again")));
    }

    @Test
    void aRunThatIsAskedToStopKeepsItsPlace() throws Exception {
        TinyTuning stopped =
                tuning("run")
                        .listener(
                                event -> {
                                    if (event instanceof RunEvent.Step step && step.step() == 5) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        assertThrows(Stopped.class, stopped::execute);
        assertEquals(5, Runs.last(temporary.resolve("run")).state().step());
        tuning("run").resumeAuto().execute();
        tuning("whole").execute();
        Runs.assertSameBits(
                Runs.weights(temporary.resolve("whole")), Runs.weights(temporary.resolve("run")));
        assertTrue(Files.exists(temporary.resolve("run/results.json")));
    }
}
