package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.distribution.Unpacked.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9}, then the same command with {@code resume=auto}, on the backend that auto takes. */
class KilledRunIT {
    private static final int STEPS = 1500;

    /** 3,600 training characters in windows of 16: an epoch is 28 steps of 8 windows. */
    private static final String RECIPE =
            """
            run: pretrain
            data: {text: {path: corpus.txt, heldOut: 0.1}}
            tokenizer: char
            model: {gpt2: {layers: 2, heads: 2, width: 32, context: 16, dropout: 0.1}}
            schedule: {cosine: {learningRate: 1e-3, warmUpSteps: 10}}
            training: {batch: 4, gradientAccumulation: 2, steps: %d}
            evaluation: {every: 250}
            checkpoints: {every: 100}
            samples: {maxTokens: 0}
            """
                    .formatted(STEPS);

    @TempDir private Path place;

    @Test
    void aKilledAndResumedRunEndsWithTheBitsOfAnUninterruptedOne() throws Exception {
        Unpacked kiln = Unpacked.in(Files.createDirectories(place.resolve("kiln")));
        Path here = Files.createDirectories(place.resolve("here"));
        Files.writeString(
                here.resolve("corpus.txt"), "to be, or not to be: ".repeat(200).substring(0, 4000));
        Files.writeString(here.resolve("small.yaml"), RECIPE);

        Result whole = kiln.kiln(here, "run", "small.yaml", "out=whole");
        assertEquals(0, whole.exitCode(), whole.errors());

        Process run = kiln.begin(here, "run", "small.yaml", "out=broken", "resume=auto");
        awaitCheckpoint(run, here.resolve("broken"), 400);
        run.destroyForcibly().waitFor();
        assertFalse(Files.exists(checkpoint(here.resolve("broken"), STEPS)), "killed in mid-run");

        Result resumed = kiln.kiln(here, "run", "small.yaml", "out=broken", "resume=auto");
        assertEquals(0, resumed.exitCode(), resumed.errors());
        assertTrue(resumed.output().contains("resumed after step "), resumed.output());
        for (String file : new String[] {"model.safetensors", "optimizer.safetensors"}) {
            assertArrayEquals(
                    Files.readAllBytes(checkpoint(here.resolve("whole"), STEPS).resolve(file)),
                    Files.readAllBytes(checkpoint(here.resolve("broken"), STEPS).resolve(file)),
                    file);
        }
    }

    private static Path checkpoint(Path folder, int step) {
        return folder.resolve("checkpoints").resolve("step-%08d".formatted(step));
    }

    private static void awaitCheckpoint(Process run, Path folder, int step)
            throws IOException, InterruptedException {
        while (!Files.exists(checkpoint(folder, step))) {
            assertTrue(run.isAlive(), "the run ended before it could be killed");
            Thread.sleep(5);
        }
    }
}
