package dev.kiln.distribution.authoring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The plugins of docs/plugins/examples, built against what is installed and run by the archive. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExamplePluginsIT {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("basedir", "")).resolve("../docs/plugins/examples");

    @TempDir private static Path place;
    private Author author;

    @BeforeAll
    void settle() throws Exception {
        author = Author.in(place);
    }

    @Test
    void aModelAttendsToEverySecondPosition() throws Exception {
        Path project = run("attention-dilated");
        String config = Files.readString(project.resolve("out/config.yaml"));
        assertTrue(config.contains("dilated"), config);
    }

    @Test
    void aModelReadsBytes() throws Exception {
        Path project = run("tokenizer-bytes");
        String saved = Files.readString(project.resolve("out/tokenizer/bytes.yaml"));
        assertTrue(saved.contains("endOfText: true"), saved);
    }

    @Test
    void theKernelsOfARunAreCounted() throws Exception {
        Path project = run("backend-counting");
        String counts = Files.readString(project.resolve("out/kernels.txt"));
        assertTrue(counts.contains("adamW 20\n"), counts);
        assertTrue(counts.contains("attentionBackward 20\n"), counts);
    }

    private Path run(String example) throws Exception {
        Path project = place.resolve(example);
        Author.copy(EXAMPLES.resolve(example), project);
        author.buildAndRun(project, example, "1.0.0", "run.yaml");
        return project;
    }
}
