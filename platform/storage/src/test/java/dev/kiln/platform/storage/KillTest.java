package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.backend.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** Kills another process that does nothing but save. */
class KillTest {
    private static final int SIZE = 200_000;

    @TempDir private Path run;

    @RepeatedTest(3)
    void afterAKillTheLatestCheckpointIsWholeAndNotOlderThanTheLastReported() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Saver.class.getName(),
                                run.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        long reported = 0;
        try (var lines = process.inputReader()) {
            for (int i = 0; i < 3; i++) {
                reported = Long.parseLong(lines.readLine());
            }
            Thread.sleep(System.nanoTime() % 20);
            process.destroyForcibly().waitFor();
        }

        List<String> notices = new ArrayList<>();
        Checkpoint latest = new Checkpoints(run, 1).latest(notices::add).orElseThrow();
        assertEquals(List.of(), notices);
        assertTrue(latest.state().step() >= reported, latest.folder() + " but " + reported);
        try (SafetensorsFile model = latest.openModel()) {
            float[] values = model.floats("w").toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
            assertEquals(latest.state().step(), (long) values[SIZE - 1]);
        }
    }

    /** Saves one checkpoint after the other and reports each step when it is saved. */
    static final class Saver {
        private Saver() {}

        public static void main(String[] arguments) throws IOException {
            Checkpoints checkpoints = new Checkpoints(Path.of(arguments[0]), 1);
            for (long step = 1; step < 10_000; step++) {
                float[] values = new float[SIZE];
                Arrays.fill(values, step);
                SafetensorsContent content =
                        SafetensorsContent.of(
                                List.of(
                                        TensorContent.of(
                                                "w",
                                                Shape.of(SIZE),
                                                () -> MemorySegment.ofArray(values))));
                checkpoints.save(
                        new CheckpointState(step, 0, 0, Optional.empty(), Map.of()),
                        content,
                        content);
                System.out.println(step);
            }
        }
    }
}
