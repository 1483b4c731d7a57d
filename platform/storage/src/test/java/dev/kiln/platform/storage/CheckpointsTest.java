package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    @TempDir private Path run;
    private final List<String> notices = new ArrayList<>();
    private Checkpoints checkpoints;

    @BeforeEach
    void keepTwo() {
        checkpoints = new Checkpoints(run, 2);
    }

    @Test
    void aNewRunHasNone() {
        assertEquals(Optional.empty(), checkpoints.latest(notices::add));
        assertEquals(Optional.empty(), checkpoints.best(notices::add));
        assertEquals(List.of(), notices);
    }

    @Test
    void everythingThatWasSavedIsFoundAgain() throws IOException {
        CheckpointState state =
                new CheckpointState(
                        120,
                        1_966_080,
                        77,
                        Optional.of(new CheckpointState.Best(100, 1 / 3.0)),
                        Map.of("note", "größe"));
        Path folder = checkpoints.save(state, content(1), content(2));
        assertEquals(run.resolve("checkpoints/step-00000120"), folder);

        Checkpoint found = checkpoints.latest(notices::add).orElseThrow();
        assertEquals(folder, found.folder());
        assertEquals(state, found.state());
        try (SafetensorsFile model = found.openModel();
                SafetensorsFile optimizer = found.openOptimizer()) {
            assertArrayEquals(new float[] {1, 1, 1}, weight(model));
            assertArrayEquals(new float[] {2, 2, 2}, weight(optimizer));
        }
    }

    @Test
    void anInterruptedThreadSavesAllTheSameAndStaysInterrupted() throws IOException {
        for (long step = 10; step <= 40; step += 10) {
            Thread.currentThread().interrupt();
            save(step);
            assertTrue(Thread.interrupted());
        }
        assertEquals(List.of(40L, 30L), steps());
    }

    @Test
    void anInterruptInTheMiddleOfASaveLosesNothing() throws IOException {
        boolean[] interrupted = {false};
        Disk.Opener opener =
                file -> {
                    if (!interrupted[0] && file.endsWith(Checkpoint.OPTIMIZER)) {
                        interrupted[0] = true;
                        Thread.currentThread().interrupt();
                    }
                    return Disk.create(file);
                };
        checkpoints = new Checkpoints(run, 2, opener);
        save(10);
        assertTrue(Thread.interrupted());
        assertEquals(List.of(10L), steps());
    }

    @Test
    void theLastOnesAndTheBestAreKept() throws IOException {
        save(10);
        checkpoints.markBest(10);
        save(20);
        save(30);
        save(40);
        assertEquals(List.of(40L, 30L, 10L), steps());
        assertEquals(10, checkpoints.best(notices::add).orElseThrow().state().step());

        checkpoints.markBest(40);
        assertEquals(List.of(40L, 30L), steps());
        save(50);
        assertEquals(List.of(50L, 40L), steps());
    }

    /** As a run does whose loss falls until its last evaluation. */
    @Test
    void theFormerBestGoesWhenTheLastOneIsTheBest() throws IOException {
        for (long step = 5; step <= 20; step += 5) {
            checkpoints.save(
                    new CheckpointState(
                            step,
                            0,
                            0,
                            Optional.of(new CheckpointState.Best(step, 1.0 / step)),
                            Map.of()),
                    content(1),
                    content(2));
            checkpoints.markBest(step);
        }
        assertEquals(List.of(20L, 15L), steps());
        assertEquals(20, checkpoints.best(notices::add).orElseThrow().state().step());
    }

    @Test
    void aMarkOfAnEarlierStepDeletesNoLaterOne() throws IOException {
        save(10);
        save(20);
        checkpoints.markBest(10);
        assertEquals(List.of(20L, 10L), steps());
    }

    @Test
    void theBestOfTheStateIsKeptThoughAKillCameBeforeItsMark() throws IOException {
        save(10);
        for (long step = 20; step <= 50; step += 10) {
            checkpoints.save(
                    new CheckpointState(
                            step, 0, 0, Optional.of(new CheckpointState.Best(10, 2.0)), Map.of()),
                    content(1),
                    content(2));
        }
        assertEquals(List.of(50L, 40L, 10L), steps());
    }

    @Test
    void onlyASavedStepCanBeMarkedAsBest() {
        assertThrows(IllegalArgumentException.class, () -> checkpoints.markBest(7));
    }

    @Test
    void aTruncatedOneIsNamedAndSkipped() throws IOException {
        save(10);
        Path model = save(20).resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(model);
        Files.write(model, Arrays.copyOf(bytes, bytes.length - 1));

        assertEquals(10, latestStep());
        assertEquals(
                List.of(
                        "%s: has %d bytes, %d were written; this checkpoint is skipped"
                                .formatted(model, bytes.length - 1, bytes.length)),
                notices);
    }

    @Test
    void oneChangedBitIsFound() throws IOException {
        save(10);
        Path optimizer = save(20).resolve("optimizer.safetensors");
        byte[] bytes = Files.readAllBytes(optimizer);
        bytes[bytes.length - 1] ^= 1;
        Files.write(optimizer, bytes);

        assertEquals(10, latestStep());
        assertEquals(
                List.of(
                        optimizer
                                + ": is damaged: its SHA-256 is not the one that was written;"
                                + " this checkpoint is skipped"),
                notices);
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Path folder = save(10);
        Files.delete(folder.resolve("state.json"));
        assertEquals(Optional.empty(), checkpoints.latest(notices::add));
        Files.delete(folder.resolve("manifest.json"));
        assertEquals(Optional.empty(), checkpoints.latest(notices::add));
        assertEquals(
                List.of(
                        folder.resolve("state.json") + ": is missing; this checkpoint is skipped",
                        folder.resolve("manifest.json")
                                + ": is missing; this checkpoint is skipped"),
                notices);
    }

    @Test
    void aManifestOfAnotherFormIsRefused() throws IOException {
        Path manifest = save(10).resolve("manifest.json");
        String good = Files.readString(manifest);
        assertProblem(manifest, "null", "is null, expected an object");
        assertProblem(
                manifest,
                good.replace("\"format\" : 1", "\"format\" : 2"),
                "has format 2, this Kiln reads format 1");
        assertProblem(
                manifest, good.replace("model.s", "../m.s"), "does not list model.safetensors");
    }

    @Test
    void aBrokenMarkIsToldAndDeletesNothing() throws IOException {
        save(10);
        Files.writeString(run.resolve("checkpoints/best.json"), "{");
        assertEquals(Optional.empty(), checkpoints.best(notices::add));
        assertEquals(1, notices.size());
        save(20);
        save(30);
        assertEquals(List.of(30L, 20L, 10L), steps());
    }

    @Test
    void aFullDiskKeepsTheLastCheckpointAndLeavesNothingBehind() throws IOException {
        save(10);
        Checkpoints full = new Checkpoints(run, 1, new FullDisk(200));
        InvalidInput problem =
                assertThrows(
                        InvalidInput.class, () -> full.save(state(20), content(1), content(2)));
        String message = problem.getMessage();
        assertTrue(
                message.startsWith(
                        run.resolve("checkpoints/step-00000020")
                                + ": the disk is full (optimizer.safetensors: No space left on"
                                + " device): the checkpoint needs "),
                message);
        assertTrue(
                message.endsWith(" are free; the last checkpoint, step-00000010, is kept"),
                message);
        assertEquals(List.of(run.resolve("checkpoints/step-00000010")), files());
        assertEquals(10, latestStep());
    }

    @Test
    void aFailureOfTheModelItselfLeavesNothingBehind() throws IOException {
        save(10);
        SafetensorsContent failing =
                SafetensorsContent.of(
                        List.of(
                                TensorContent.of(
                                        "w",
                                        Shape.of(3),
                                        () -> {
                                            throw new IllegalStateException("device lost");
                                        })));
        assertThrows(
                IllegalStateException.class,
                () -> checkpoints.save(state(20), failing, content(2)));
        assertEquals(List.of(run.resolve("checkpoints/step-00000010")), files());
    }

    @Test
    void whatAKillLeftBehindIsNotLoadedAndDeletedByTheNextSave() throws IOException {
        save(10);
        Path half =
                Files.createDirectory(
                        new CheckpointFolders(run.resolve("checkpoints")).temporary(20));
        Files.writeString(half.resolve("manifest.json"), "{");
        assertEquals(10, latestStep());
        assertEquals(List.of(), notices);
        save(30);
        assertEquals(
                List.of(
                        run.resolve("checkpoints/step-00000010"),
                        run.resolve("checkpoints/step-00000030")),
                files());
    }

    @Test
    void aStepCanBeSavedAgain() throws IOException {
        save(10);
        checkpoints.save(state(10), content(5), content(6));
        try (SafetensorsFile model = checkpoints.latest(notices::add).orElseThrow().openModel()) {
            assertArrayEquals(new float[] {5, 5, 5}, weight(model));
        }
        assertEquals(List.of(run.resolve("checkpoints/step-00000010")), files());
    }

    @Test
    void aKillWhileAStepIsReplacedLeavesTheOldOne() throws IOException {
        Path folder = save(10);
        Files.move(folder, folder.resolveSibling("step-00000010.old"));
        assertEquals(10, latestStep());
        save(10);
        assertEquals(List.of(folder), files());
    }

    @Test
    void aBrokenFutureDoesNotPushTheLastGoodOneOut() throws IOException {
        Checkpoints one = new Checkpoints(run, 1);
        one.save(state(10), content(1), content(2));
        Files.move(
                run.resolve("checkpoints/step-00000010"), run.resolve("checkpoints/step-00000030"));
        Files.delete(run.resolve("checkpoints/step-00000030/model.safetensors"));
        one.save(state(20), content(1), content(2));
        assertEquals(20, latestStep());
    }

    private void assertProblem(Path manifest, String text, String problem) throws IOException {
        Files.writeString(manifest, text);
        notices.clear();
        assertEquals(Optional.empty(), checkpoints.latest(notices::add));
        assertEquals(List.of(manifest + ": " + problem + "; this checkpoint is skipped"), notices);
    }

    private Path save(long step) throws IOException {
        return checkpoints.save(state(step), content(1), content(2));
    }

    private long latestStep() {
        return checkpoints.latest(notices::add).orElseThrow().state().step();
    }

    private List<Long> steps() {
        return checkpoints.folders().stream()
                .map(folder -> Long.parseLong(folder.getFileName().toString().substring(5)))
                .toList();
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(run.resolve("checkpoints"))) {
            return files.sorted().toList();
        }
    }

    private static CheckpointState state(long step) {
        return new CheckpointState(step, 0, 0, Optional.empty(), Map.of());
    }

    private static SafetensorsContent content(float value) {
        float[] values = {value, value, value};
        return SafetensorsContent.of(
                List.of(TensorContent.of("w", Shape.of(3), () -> MemorySegment.ofArray(values))));
    }

    private static float[] weight(SafetensorsFile file) {
        return file.floats("w").toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
}
