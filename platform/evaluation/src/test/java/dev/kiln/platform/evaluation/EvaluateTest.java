package dev.kiln.platform.evaluation;

import static dev.kiln.platform.evaluation.DataTask.example;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.run.RunFolder;
import dev.kiln.platform.storage.FolderLock;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.Extensions;
import dev.kiln.spi.Factory;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.FolderContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who writes an evaluation's folder is settled before a model is looked for: there is none. */
class EvaluateTest {
    @TempDir private Path root;

    private Evaluate evaluate(Path out) {
        DataTask task =
                DataTask.of(
                        TaskKind.CLOZE,
                        List.of(),
                        Metric.ACCURACY,
                        example("e", "one", new Answer.Words(List.of("1"))));
        EvaluateOptions options =
                new EvaluateOptions(
                        root.resolve("no-model").toString(),
                        "best",
                        new FixedChoice<>("reference", new ReferenceBackend()),
                        PrecisionChoice.FLOAT32,
                        List.of(new FixedChoice<>("letters", task)),
                        Optional.empty(),
                        List.of(0),
                        Optional.empty(),
                        1,
                        1,
                        0,
                        Map.of(),
                        Optional.empty(),
                        List.of());
        Context context = new FolderContext(1, out);
        return new Evaluate(
                options,
                context,
                new RunFolder(context, new Nothing(), "evaluate", Evaluate.FILES),
                new TrainedModel(new Nothing(), new Nothing()),
                System.out);
    }

    private static String refusal(Evaluate run) {
        return assertThrows(InvalidInput.class, run::execute).getMessage();
    }

    @Test
    void aFolderThatIsWrittenIsRefusedBeforeTheModelIsOpened() throws Exception {
        Path out = root.resolve("out");
        String missing = root.resolve("no-model") + ": no such folder; expected a model's";
        try (FolderLock _ = FolderLock.acquire(out)) {
            assertEquals(
                    out + ": is being written by another run of this process",
                    refusal(evaluate(out)));
            assertEquals(List.of(), FolderLock.contents(out));
        }
        assertEquals(missing, refusal(evaluate(out)));
        assertFalse(Files.exists(out));
    }

    @Test
    void aFolderOfAnythingElseIsNotTouched() throws IOException {
        Path out = root.resolve("run");
        Files.createDirectories(out.resolve("checkpoints"));
        assertEquals(
                out
                        + ": can't resume: it has other files, but no config.yaml; begin another run"
                        + " with out=FOLDER",
                refusal(evaluate(out)));
        assertEquals(List.of(out.resolve("checkpoints")), FolderLock.contents(out));
    }

    /** No extensions and no configs: nothing here gets so far as to ask for one. */
    private record Nothing() implements Extensions, ConfigFiles {
        @Override
        public <F extends Factory<?, ?>> F find(Class<F> point, String name) {
            throw new AssertionError(name);
        }

        @Override
        public <F extends Factory<?, ?>> Set<String> names(Class<F> point) {
            throw new AssertionError(point);
        }

        @Override
        public <O extends Record> O read(Path file, Class<O> part) {
            throw new AssertionError(file);
        }

        @Override
        public <O extends Record> O parse(String text, Path name, Class<O> part) {
            throw new AssertionError(name);
        }

        @Override
        public String write(String run, long seed, Path out, Record options) {
            throw new AssertionError(out);
        }
    }
}
