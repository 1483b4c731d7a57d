package dev.kiln.platform.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.platform.storage.Checkpoint;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.spi.run.RunEvent;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What tests do with whole runs and their folders. */
final class Runs {
    private Runs() {}

    /** Stops a run dead: the platform does not catch errors of this kind. */
    static final class Kill extends Error {
        private static final long serialVersionUID = 1L;
    }

    static Checkpoint last(Path folder) {
        return new Checkpoints(folder, 1).latest(problem -> {}).orElseThrow();
    }

    static Checkpoint best(Path folder) {
        return new Checkpoints(folder, 1).best(problem -> {}).orElseThrow();
    }

    static List<float[]> weights(Path folder) {
        List<float[]> weights = new ArrayList<>();
        try (SafetensorsFile file = last(folder).openModel()) {
            for (String name : file.names()) {
                weights.add(file.floats(name).toArray(ValueLayout.JAVA_FLOAT));
            }
        }
        return weights;
    }

    static void assertSameBits(List<float[]> expected, List<float[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i));
        }
    }

    static TinyRun killed(TinyRun run, long after) {
        return run.listener(
                event -> {
                    if (event instanceof RunEvent.Step s && s.step() == after) {
                        throw new Kill();
                    }
                });
    }
}
