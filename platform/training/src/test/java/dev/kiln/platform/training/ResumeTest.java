package dev.kiln.platform.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.storage.FolderLock;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.testkit.fixtures.TinyDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a resumed run takes, and what it refuses with nothing changed. */
class ResumeTest {
    @TempDir Path temporary;

    @BeforeEach
    void trainSevenSteps() throws Exception {
        run().steps(7).execute();
    }

    private Path folder() {
        return temporary.resolve("run");
    }

    private TinyRun run() {
        return new TinyRun(folder());
    }

    /** All files below the run folder, with what they hold. */
    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = HexFormat.of().formatHex(Files.readAllBytes(file));
                contents.put(folder().relativize(file).toString(), bytes);
            }
        }
        return contents;
    }

    private void assertRefused(String reason, UnaryOperator<TinyRun> change) throws Exception {
        Map<String, String> before = contents();
        TinyRun run = change.apply(run().steps(12).resumeAuto());
        InvalidInput refused = assertThrows(InvalidInput.class, run::execute);
        assertEquals(
                folder() + ": can't resume: " + reason + "; begin another run with out=FOLDER",
                refused.getMessage());
        assertEquals(before, contents());
    }

    private void assertOptionRefused(String change, UnaryOperator<TinyRun> run) throws Exception {
        Map<String, String> before = contents();
        InvalidInput refused =
                assertThrows(InvalidInput.class, run.apply(run().steps(12).resumeAuto())::execute);
        assertEquals(
                folder()
                        + ": can't resume: other options than in config.yaml: "
                        + change
                        + "; begin another run with out=FOLDER, or allow them with resume.allow",
                refused.getMessage());
        assertEquals(before, contents());
    }

    @Test
    void whatDecidesTheWeightsIsRefusedByKeyWithBothValues() throws Exception {
        assertOptionRefused("seed 5 -> 6", run -> run.seed(6));
        assertOptionRefused("training.batch 3 -> 6", run -> run.batch(6));
        assertOptionRefused("training.clip 1.0 -> 0.1", run -> run.clip(0.1));
        assertOptionRefused(
                "precision float32 -> bfloat16", run -> run.precision(Precision.BFLOAT16));
        assertOptionRefused("schedule.schedule.rate 0.01 -> 0.5", run -> run.learningRate(0.5));
        assertOptionRefused(
                "model.tiny.context 4 -> 3, model.tiny.dropout 0.2 -> 0.0",
                run -> run.model(new TinyDecoder(3, 0, 0.3)));
        assertOptionRefused(
                "training.batchRamp.from nothing -> 24, training.batchRamp.over nothing -> 96",
                run -> run.ramp(2, 24, 96));
        assertOptionRefused("training.steps 7 -> 6", run -> run.steps(6));
        assertOptionRefused("training.tokens nothing -> 900", run -> run.tokens(900));
    }

    @Test
    void allThatIsDifferentStandsInOneLine() throws Exception {
        assertOptionRefused(
                "seed 5 -> 6, training.batch 3 -> 6, training.steps 7 -> 3",
                run -> run.seed(6).batch(6).steps(3).prompts("b"));
    }

    @Test
    void aTextThatHasChangedIsRefused() throws Exception {
        Path folder = temporary.resolve("other");
        new TinyRun(folder).data(new Reread("abcabdabeabfabc abd ", "abd abf")).steps(3).execute();
        for (Reread other :
                List.of(
                        new Reread("abcabdabeabfabc abd abe ", "abd abf"),
                        new Reread("abcabdabfabeabc abd ", "abd abf"),
                        new Reread("abcabdabeabfabc abd ", "abd abe"))) {
            String line =
                    assertThrows(
                                    InvalidInput.class,
                                    new TinyRun(folder).data(other).steps(6).resumeAuto()::execute)
                            .getMessage();
            assertTrue(
                    line.matches(
                            "\\Q%s\\E: can't resume: other data than before: data\\.(train|heldOut) \\d+"
                                            .formatted(folder)
                                    + " tokens \\([0-9a-f]{16}\\) -> \\d+ tokens \\([0-9a-f]{16}\\);"
                                    + " begin another run with out=FOLDER, or allow them with"
                                    + " resume.allow"),
                    line);
        }
        assertEquals(3, Runs.last(folder).state().step());
    }

    /** A file, say: its options are the same whatever it holds. */
    private static final class Reread implements TextSource {
        private final Sources.Texts texts;

        Reread(String train, String heldOut) {
            texts = new Sources.Texts(List.of(train), List.of(heldOut), Order.SHUFFLED);
        }

        @Override
        public Stream<String> documents(Split split) {
            return texts.documents(split);
        }
    }

    @Test
    void moreStepsAndOtherSamplesAreTakenAndWrittenDown() throws Exception {
        TinyRun longer = run().steps(12).prompts("b").resumeAuto();
        longer.execute();
        assertEquals(
                List.of(
                        new RunEvent.Notice(
                                "other options after step 7, as config.yaml says: samples.prompts"
                                        + " [ab] -> [b], training.steps 7 -> 12")),
                longer.events.subList(0, 1));
        run().steps(14).prompts("b").resumeAuto().execute();
        assertEquals(
                List.of(
                        "# step 7: samples.prompts [ab] -> [b], training.steps 7 -> 12",
                        "# step 12: training.steps 12 -> 14",
                        "pretrain in memory"),
                Files.readAllLines(folder().resolve("config.yaml")));
    }

    @Test
    void aResumeThatChangesNothingWritesNoHistory() throws Exception {
        String before = Files.readString(folder().resolve("config.yaml"));
        run().steps(7).resumeAuto().execute();
        assertEquals(before, Files.readString(folder().resolve("config.yaml")));
    }

    @Test
    void aRunWhoseCheckpointsAreGoneOrBrokenIsRefused() throws Exception {
        Path checkpoints = folder().resolve("checkpoints");
        List<Path> broken = new ArrayList<>();
        try (Stream<Path> files = Files.walk(checkpoints)) {
            for (Path file : files.filter(f -> f.endsWith("model.safetensors")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length - 1] ^= 1;
                Files.write(file, bytes);
                broken.add(file);
            }
        }
        broken.sort(Comparator.reverseOrder());
        assertRefused(
                "none of its checkpoints is whole: "
                        + broken.stream()
                                .map(
                                        file ->
                                                file
                                                        + ": is damaged: its SHA-256 is not the one"
                                                        + " that was written")
                                .collect(Collectors.joining("; ")),
                run -> run);
        Files.move(checkpoints, temporary.resolve("elsewhere"));
        assertRefused("its folder checkpoints is missing", run -> run);
    }

    @Test
    void aRunThatIsWrittenIsRefusedAndNothingOfItChanges() throws Exception {
        try (FolderLock _ = FolderLock.acquire(folder())) {
            Map<String, String> before = contents();
            InvalidInput refused =
                    assertThrows(InvalidInput.class, run().steps(12).resumeAuto()::execute);
            assertEquals(
                    folder() + ": is being written by another run of this process",
                    refused.getMessage());
            assertEquals(before, contents());
        }
        run().steps(12).resumeAuto().execute();
    }

    @Test
    void aFolderOfAnotherKindOfRunIsRefused() throws Exception {
        new Configs().write("finetune", 5, folder(), new NoOptions());
        assertRefused("it is a run folder of 'finetune', not of 'pretrain'", run -> run);
    }

    @Test
    void anotherEnvironmentIsToldAndWrittenDown() throws Exception {
        Path environment = folder().resolve("environment.txt");
        String before = Files.readString(environment).replace("cores: ", "cores: 9");
        Files.writeString(environment, before);
        TinyRun resumed = run().steps(7).resumeAuto();
        resumed.execute();
        assertEquals(
                new RunEvent.Notice("another environment than before, as environment.txt says"),
                resumed.events.getFirst());
        String after = Files.readString(environment);
        assertTrue(after.startsWith(before + "\nafter step 7:\nkiln: "), after);
    }

    @Test
    void whatTheUserAllowsIsTakenAndWrittenDown() throws Exception {
        List<RunEvent> events = new ArrayList<>();
        run().steps(8).clip(0.1).resumeAllowing("training.clip").listener(events::add).execute();
        assertTrue(
                events.contains(
                        new RunEvent.Notice(
                                "other options after step 7, as config.yaml says: training.clip 1.0"
                                        + " -> 0.1, training.steps 7 -> 8")),
                events.toString());
        TinyRun other = run().steps(9).clip(0.2).seed(6).resumeAllowing("training");
        assertTrue(
                assertThrows(InvalidInput.class, other::execute)
                        .getMessage()
                        .contains("other options than in config.yaml: seed 5 -> 6;"));
    }

    @Test
    void otherDataAreTakenWhereTheUserAllowsThem() throws Exception {
        Path folder = temporary.resolve("other");
        new TinyRun(folder).data(new Reread("abcabdabeabfabc abd ", "abd abf")).steps(3).execute();
        new TinyRun(folder)
                .data(new Reread("abcabdabfabeabc abd ", "abd abf"))
                .steps(6)
                .resumeAllowing("data")
                .execute();
        assertEquals(6, Runs.last(folder).state().step());
    }
}
