package dev.kiln.distribution.authoring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The SPI of a next version, built as Kiln's build does it, beside this one as the last release. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NextReleaseIT {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "")).resolve("..");
    private static final String VERSION = System.getProperty("kiln.version");
    private static final String NEXT = "99.0.0";
    private static final String EXPERIMENTAL = "evaluation/TaskPart.java";
    private static final String STABLE = "generation/Sampler.java";

    @TempDir private static Path place;
    private Author author;

    @BeforeAll
    void settle() throws Exception {
        author = Author.in(place);
    }

    @Test
    void aStableTypeThatAsksForMoreFailsTheBuild() throws Exception {
        Path next = next("stable");
        addAbstractMethod(next, STABLE);
        String said = author.failingMaven(next, arguments("true"));
        assertTrue(said.contains("dev.kiln.spi.generation.Sampler.more()"), said);
    }

    @Test
    void anExperimentalTypeChangesWithAMinorVersionOnly() throws Exception {
        Path next = next("experimental");
        Path file = next.resolve("src/main/java/dev/kiln/spi").resolve(EXPERIMENTAL);
        String source = Files.readString(file);
        assertTrue(source.contains("TEST"), source);
        Files.writeString(file, source.replace("TEST", "EXAM"));
        author.maven(next, arguments("true"));
        String said = author.failingMaven(next, arguments("false"));
        assertTrue(said.contains("dev.kiln.spi.evaluation.TaskPart.TEST"), said);
    }

    private static void addAbstractMethod(Path next, String type) throws IOException {
        Path file = next.resolve("src/main/java/dev/kiln/spi").resolve(type);
        String source = Files.readString(file);
        int end = source.lastIndexOf('}');
        Files.writeString(file, source.substring(0, end) + "\n    int more();\n}\n");
    }

    private static String[] arguments(String isMinor) {
        return new String[] {
            "verify",
            "-Dkiln.lastRelease=" + VERSION,
            "-Dkiln.isFirst=false",
            "-Dkiln.isMinor=" + isMinor
        };
    }

    /** The module of the SPI with its parent, both of the next version. */
    private static Path next(String name) throws IOException {
        Path module = place.resolve(name).resolve("api/spi");
        Author.copy(ROOT.resolve("api/spi/src/main"), module.resolve("src/main"));
        for (String pom : new String[] {"pom.xml", "api/spi/pom.xml"}) {
            String text = Files.readString(ROOT.resolve(pom));
            Files.writeString(
                    place.resolve(name).resolve(pom),
                    text.replaceFirst(
                            "<version>" + VERSION + "</version>",
                            "<version>" + NEXT + "</version>"));
        }
        return module;
    }
}
