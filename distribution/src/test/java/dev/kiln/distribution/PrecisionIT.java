package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.distribution.Unpacked.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same run in float32 and in bfloat16 on oneDNN. */
class PrecisionIT {
    private static final int STEPS = 200;
    private static final double SHARE = 0.01;

    private static final String RECIPE =
            """
            run: pretrain
            backend: onednn
            data: {wordnet: {heldOut: 0.01}}
            tokenizer: char
            model: {gpt2: {layers: 2, heads: 4, width: 128, context: 64, dropout: 0}}
            schedule: {cosine: {learningRate: 2e-3, warmUpSteps: 20}}
            training: {batch: 8, steps: %d}
            evaluation: {every: %d}
            checkpoints: {every: %d}
            samples: {maxTokens: 0}
            """
                    .formatted(STEPS, STEPS, STEPS);

    @TempDir private Path place;

    @Test
    void theLossesOfBfloat16StayWithinOnePercentOfThoseOfFloat32() throws Exception {
        Unpacked kiln = Unpacked.in(Files.createDirectories(place.resolve("kiln")));
        Files.writeString(place.resolve("small.yaml"), RECIPE);
        Result exact = kiln.kiln(place, "run", "small.yaml", "out=exact");
        Assumptions.assumeFalse(exact.errors().contains("does not start here"), exact.errors());
        assertEquals(0, exact.exitCode(), exact.errors());
        Result half = kiln.kiln(place, "run", "small.yaml", "out=half", "precision=bfloat16");
        Assumptions.assumeFalse(half.errors().contains("not in bfloat16"), half.errors());
        assertEquals(0, half.exitCode(), half.errors());
        double[] expected = losses("exact");
        double[] actual = losses("half");
        assertEquals(STEPS, expected.length);
        assertTrue(expected[STEPS - 1] < 0.7 * expected[0], "the model learns");
        for (int step = 0; step < STEPS; step++) {
            assertEquals(expected[step], actual[step], SHARE * expected[step], "step " + step);
        }
    }

    /** Training losses, a line a step behind the heading; lines of evaluations have none. */
    private double[] losses(String run) throws IOException {
        return Files.readAllLines(place.resolve(run).resolve("loss.csv")).stream()
                .skip(1)
                .map(line -> line.split(","))
                .filter(cells -> cells.length > 2 && !cells[2].isEmpty())
                .mapToDouble(cells -> Double.parseDouble(cells[2]))
                .toArray();
    }
}
