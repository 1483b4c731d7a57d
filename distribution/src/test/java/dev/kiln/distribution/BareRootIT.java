package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The archive where nothing is installed: no Java, no programs but a shell. */
@EnabledOnOs(OS.LINUX)
class BareRootIT {
    private static final int NO_ROOT = 77;

    @TempDir private Path place;

    @Test
    void trainsAndWritesWithWhatItBrings() throws Exception {
        Path said = place.resolve("said.txt");
        Process run =
                new ProcessBuilder(List.of("src/bare-root/run", System.getProperty("kiln.archive")))
                        .directory(Path.of(System.getProperty("basedir", "")).toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        int status = run.waitFor();
        String output = Files.readString(said);
        Assumptions.assumeTrue(status != NO_ROOT, output);
        assertEquals(0, status, output);
        assertTrue(output.contains("came with Kiln     true"), output);
        assertTrue(output.contains("+ kiln run write.yaml"), output);
    }
}
