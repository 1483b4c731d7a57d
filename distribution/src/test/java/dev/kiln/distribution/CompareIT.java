package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.distribution.Unpacked.Result;
import dev.kiln.platform.storage.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A comparison of three ways, on a model that can learn next to nothing. */
class CompareIT {
    private static final String RECIPE =
            """
            run: compare
            out: compared
            seed: 1337
            pretrain:
              data: {text: {path: corpus.txt, heldOut: 0.2}}
              tokenizer: {char: {also: "\\n"}}
              model: {gpt2: {layers: 1, heads: 2, width: 16, context: 32, dropout: 0}}
              training: {batch: 4, steps: 4}
              samples: {maxTokens: 0}
            tasks:
              - task:
                  kind: classification
                  fields: [text]
                  labels: [be, or]
                  prompt: {question: "{text}"}
                  examples:
                    train: &some
                      - {texts: {text: to}, answer: be}
                      - {texts: {text: not to}, answer: be}
                      - {texts: {text: be}, answer: or}
                    validation: *some
                    test: *some
            heads: {training: {epochs: 1, examples: 2}}
            shots: [0, 1]
            """;

    @TempDir private static Path place;
    private static Unpacked kiln;

    @BeforeAll
    static void unpack() throws Exception {
        kiln = Unpacked.in(place);
    }

    private static List<String> rows(Path page) throws IOException {
        return Files.readAllLines(page).stream().filter(line -> line.startsWith("|")).toList();
    }

    @Test
    void putsAllWaysInOneTableAndGoesOnWhereItWas(@TempDir Path here) throws Exception {
        Files.writeString(here.resolve("corpus.txt"), "to be or not to be, ".repeat(200));
        Files.writeString(here.resolve("compare.yaml"), RECIPE);
        Result first = kiln.kiln(here, "run", "compare.yaml");
        assertEquals(0, first.exitCode(), first.errors());
        Path table = here.resolve("compared/comparison.md");
        List<String> rows = rows(table);
        assertEquals(
                List.of(
                        "|  ",
                        "| --- ",
                        "| questions ",
                        "| measure ",
                        "| majority class ",
                        "| n-grams ",
                        "| head, random start ",
                        "| head, pre-trained ",
                        "| prompt alone ",
                        "| prompt, 1 solved example "),
                rows.stream().map(row -> row.substring(0, row.indexOf('|', 1))).toList());
        assertEquals(
                "| majority class | 0.667 (0.000 to 1.000) |",
                rows.get(4),
                "two of three are 'be'; draws of three may be any");

        assertEquals(2, kiln.kiln(here, "run", "compare.yaml").exitCode());

        Path done = here.resolve("compared/task/results.json");
        FileTime before = Files.getLastModifiedTime(done);
        Path undone = here.resolve("compared/task-random-start/results.json");
        Files.delete(undone);
        Files.delete(table);
        Result again = kiln.kiln(here, "run", "compare.yaml", "resume=auto");
        assertEquals(0, again.exitCode(), again.errors());
        assertEquals(rows, rows(table));
        assertEquals(before, Files.getLastModifiedTime(done));
        assertTrue(Files.exists(undone));

        String recipe = Files.readString(here.resolve("compared/config.yaml"));
        Result other =
                kiln.kiln(
                        here,
                        "run",
                        "compare.yaml",
                        "resume=auto",
                        "shots=[0]",
                        "seed=7",
                        "pretrain.training.steps=5");
        assertEquals(2, other.exitCode());
        assertEquals(
                "kiln: "
                        + here.resolve("compared")
                        + ": can't resume: other options than in config.yaml:"
                        + " pretrain.training.steps 4 -> 5, seed 1337 -> 7, shots [0, 1] -> [0];"
                        + " begin another run with out=FOLDER, or allow them with resume.allow",
                lastLine(other));
        assertEquals(recipe, Files.readString(here.resolve("compared/config.yaml")));
    }

    private static String lastLine(Result result) {
        return result.errors().lines().reduce((_, last) -> last).orElse("");
    }

    @Test
    void aFolderThatAnotherProcessWritesIsRefusedAtOnce(@TempDir Path here) throws Exception {
        Path folder = here.resolve("compared");
        Files.writeString(here.resolve("compare.yaml"), RECIPE);
        try (FolderLock _ = FolderLock.acquire(folder)) {
            Result refused = kiln.kiln(here, "run", "compare.yaml", "resume=auto");
            assertEquals(2, refused.exitCode());
            assertTrue(
                    lastLine(refused)
                            .startsWith(
                                    "kiln: "
                                            + folder
                                            + ": is being written by another process (pid "
                                            + ProcessHandle.current().pid()
                                            + " on "),
                    refused.errors());
            assertEquals(List.of(), FolderLock.contents(folder));
        }
    }

    /** A folder of the task's name is where a head would be made, after what is there is deleted. */
    @Test
    void aFolderThatIsNoComparisonIsLeftAsItIs(@TempDir Path here) throws Exception {
        Path notes = here.resolve("compared/task/notes.txt");
        Files.createDirectories(notes.getParent());
        Files.writeString(notes, "mine");
        Files.writeString(here.resolve("compare.yaml"), RECIPE);
        Result refused = kiln.kiln(here, "run", "compare.yaml", "resume=auto");
        assertEquals(2, refused.exitCode());
        assertEquals(
                "kiln: "
                        + here.resolve("compared")
                        + ": can't resume: it has other files, but no config.yaml; begin another run"
                        + " with out=FOLDER",
                lastLine(refused));
        assertEquals("mine", Files.readString(notes));
    }
}
