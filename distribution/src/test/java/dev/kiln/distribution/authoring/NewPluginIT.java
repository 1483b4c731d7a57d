package dev.kiln.distribution.authoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.config.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * What {@code kiln plugins new} and the archetype write is a plugin. One is built by Maven and run,
 * offline; those of all points with {@code -Dauthoring.points=all}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NewPluginIT {
    @TempDir private static Path place;
    private Author author;

    @BeforeAll
    void settle() throws Exception {
        author = Author.in(place);
    }

    @TestFactory
    Stream<DynamicTest> theProjectOfEveryPointCompilesAndKeepsItsContract() {
        return Stream.of(Point.values())
                .map(NewPluginIT::word)
                .map(point -> DynamicTest.dynamicTest(point, () -> compilesAndPasses(point)));
    }

    private void compilesAndPasses(String point) throws Exception {
        Path project = write(point, "contract-" + point);
        TestExecutionSummary tests = Templates.test(Templates.compile(project));
        assertTrue(tests.getTestsSucceededCount() > 0, "no test ran");
        assertEquals(
                "",
                tests.getFailures().stream()
                        .map(failure -> failure.getException().toString())
                        .reduce("", (all, one) -> all + one + "\n"));
    }

    @TestFactory
    Stream<DynamicTest> theProjectIsBuiltOfflineAndItsRecipeUsesThePlugin() {
        boolean all = "all".equals(System.getProperty("authoring.points"));
        return Stream.of(Point.values())
                .filter(point -> all || point == Point.ATTENTION_PATTERN)
                .map(NewPluginIT::word)
                .map(point -> DynamicTest.dynamicTest(point, () -> buildsAndRuns(point)));
    }

    private void buildsAndRuns(String point) throws Exception {
        Path project = write(point, "run-" + point);
        if (Files.exists(project.resolve("model.yaml"))) {
            author.kiln(project, "run", "model.yaml");
        }
        author.buildAndRun(project, "run-" + point, "0.1.0", "run.yaml");
        assertTrue(Files.isDirectory(project.resolve("out")), "no run folder");
        assertTrue(
                author.kiln(project, "plugins").contains("(plugin run-" + point + " 0.1.0)"),
                "not listed");
    }

    @Test
    void theArchetypeWritesTheSameProject() throws Exception {
        Path folder = Files.createDirectories(place.resolve("archetype"));
        author.maven(
                folder,
                "org.apache.maven.plugins:maven-archetype-plugin:"
                        + System.getProperty("kiln.archetype")
                        + ":generate",
                "-DarchetypeGroupId=dev.kiln",
                "-DarchetypeArtifactId=kiln-plugin-archetype",
                "-DarchetypeVersion=" + System.getProperty("kiln.version"),
                "-DarchetypeCatalog=local",
                "-DinteractiveMode=false",
                "-DgroupId=org.example.same",
                "-DartifactId=same.one",
                "-Dpackage=org.example.same",
                "-Dpoint=tokenizer");
        author.kiln(
                place,
                "plugins",
                "new",
                "--point",
                "tokenizer",
                "--id",
                "same.one",
                "--package",
                "org.example.same",
                place.resolve("same").toString());
        assertEquals(files(place.resolve("same")), files(folder.resolve("same.one")));
    }

    private Path write(String point, String id) throws Exception {
        Path project = place.resolve(id);
        author.kiln(
                place,
                "plugins",
                "new",
                "--point",
                point,
                "--id",
                id,
                "--package",
                "org.example.plugin",
                project.toString());
        return project;
    }

    private static Map<String, String> files(Path project) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(project)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (file.startsWith(project.resolve("target"))) {
                    continue; // where the archetype leaves the other points
                }
                files.put(project.relativize(file).toString(), Files.readString(file));
            }
        }
        return files;
    }

    private static String word(Point point) {
        return point.word().replace(' ', '-');
    }
}
