package dev.kiln.platform.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.models.AdapterLayouts;
import dev.kiln.platform.models.GenerationDefaults;
import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.StoredTokenizer;
import dev.kiln.platform.storage.NewAdapter;
import dev.kiln.platform.storage.StoredType;
import dev.kiln.platform.storage.TokenizerFiles;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.TinyHead;
import java.io.IOException;
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

/** Adapters of rank 2 on a model of known weights, as a Hugging Face folder and as a run folder. */
class ModelAdaptersTest {
    private static final int VOCABULARY = 5;
    private static final String FUSED = "h.1.attn.c_attn.weight";
    private static final String PLAIN = "h.0.mlp.c_fc.weight";

    @TempDir private Path root;
    private final List<String> notices = new ArrayList<>();
    private final ModelAdapters adapters =
            new ModelAdapters(new ModelExport(Tiny.CATALOG), Tiny.CONFIG_FILES);
    private Path huggingFace;
    private Path run;
    private Path adapter;
    private Path made;

    @BeforeEach
    void writeBase() throws IOException {
        huggingFace = root.resolve("folder");
        run = root.resolve("run");
        adapter = root.resolve("adapter");
        made = root.resolve("made");
        StoredModel stored =
                new StoredModel(
                        root,
                        Tiny.family(),
                        new FixedChoice<>("language-model", new TinyHead()),
                        VOCABULARY,
                        StoredTokenizer.none(
                                root, TokenizerFiles.ofHuggingFace(root.resolve("none"))),
                        GenerationDefaults.NONE,
                        new Tiny.Known(List.copyOf(shapes(VOCABULARY).keySet())));
        new ModelExport(Tiny.CATALOG)
                .run(
                        stored,
                        huggingFace,
                        new ExportOptions(StoredType.F32, ExportOptions.SHARD_BYTES),
                        Tiny.context(root),
                        notices::add);
        new ModelImport(Tiny.TRAINED, Tiny.CONFIG_FILES)
                .run(huggingFace, Optional.empty(), Tiny.context(run), notices::add);
    }

    private static ModelFamily family() {
        return Tiny.family().create(Tiny.context(Path.of("none")));
    }

    private static Map<String, Shape> shapes(int vocabulary) {
        return AdapterLayouts.shapes(family(), vocabulary);
    }

    private static float[] known(String name, int vocabulary) {
        return Tiny.Known.values(name, shapes(vocabulary).get(name));
    }

    /** Factors of a weight: known numbers of other names. */
    private static float[] down(String name) {
        return Tiny.Known.values(name + " A", Shape.of(shapes(VOCABULARY).get(name).rows(), 2));
    }

    private static float[] up(String name) {
        return Tiny.Known.values(name + " B", Shape.of(2, shapes(VOCABULARY).get(name).columns()));
    }

    private NewAdapter adapter(int vocabulary) {
        NewAdapter made =
                new NewAdapter(
                        AdapterLayouts.of(family(), vocabulary),
                        new NewAdapter.Settings("base", 2, 3, 0));
        for (String name : List.of(FUSED, PLAIN)) {
            made.matrix(name, () -> down(name), () -> up(name));
        }
        return made;
    }

    /** W + 3/2 · A · B, written out. */
    private static float[] sum(String name) {
        float[] sum = known(name, VOCABULARY);
        int columns = shapes(VOCABULARY).get(name).columns();
        for (int i = 0; i < sum.length; i++) {
            int row = i / columns;
            int column = i % columns;
            for (int r = 0; r < 2; r++) {
                sum[i] += 1.5f * down(name)[row * 2 + r] * up(name)[r * columns + column];
            }
        }
        return sum;
    }

    private int merge(Path base) throws IOException {
        try (StoredModel stored = find(base)) {
            return adapters.merge(stored, adapter, Tiny.context(made), notices::add);
        }
    }

    private StoredModel find(Path folder) throws IOException {
        return Tiny.TRAINED.find(folder, true, Tiny.context(root), notices::add);
    }

    private void assertMerged(Path folder, int vocabulary) throws IOException {
        try (StoredModel stored = find(folder)) {
            assertEquals(vocabulary, stored.vocabulary());
            for (String name : shapes(vocabulary).keySet()) {
                boolean adapted = name.equals(FUSED) || name.equals(PLAIN);
                Shape shape = shapes(vocabulary).get(name);
                float[] expected = adapted ? sum(name) : known(name, VOCABULARY);
                float[] actual =
                        stored.weights()
                                .floats(name, shape)
                                .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
                float[] first = Arrays.copyOf(actual, expected.length);
                assertArrayEquals(expected, first, adapted ? 1e-5f : 0, name);
            }
        }
    }

    @Test
    void aHuggingFaceFolderBecomesAHuggingFaceFolder() throws IOException {
        adapter(VOCABULARY).write(adapter);
        assertEquals(2, merge(huggingFace));
        assertTrue(Files.isRegularFile(made.resolve("config.json")));
        assertMerged(made, VOCABULARY);
    }

    @Test
    void aRunFolderBecomesARunFolder() throws IOException {
        adapter(VOCABULARY).write(adapter);
        assertEquals(2, merge(run));
        assertTrue(Files.isRegularFile(made.resolve("config.yaml")));
        assertMerged(made, VOCABULARY);
    }

    /** As fine-tuning adds them: a run folder has them, and so has a Hugging Face folder. */
    @Test
    void tokensThatTheBaseLacksAreAdded() throws IOException {
        adapter(VOCABULARY + 1)
                .rows("wte.weight", VOCABULARY, 1, () -> new float[] {1, 2, 3, 4, 5, 6, 7, 8})
                .write(adapter);
        merge(run);
        assertMerged(made, VOCABULARY + 1);
        try (StoredModel stored = find(made)) {
            float[] table =
                    stored.weights()
                            .floats("wte.weight", Shape.of(VOCABULARY + 1, 8))
                            .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
            assertArrayEquals(
                    new float[] {1, 2, 3, 4, 5, 6, 7, 8},
                    Arrays.copyOfRange(table, VOCABULARY * 8, table.length));
        }
    }

    @Test
    void aHeadThatTheBaseHasNoPlaceForIsRefused() throws IOException {
        adapter(VOCABULARY).head("head.weight", Shape.of(8, 2), () -> new float[16]).write(adapter);
        for (Path base : List.of(huggingFace, run)) {
            assertEquals(
                    adapter.resolve("adapter_model.safetensors")
                            + ": holds a head for a task (head.weight), and "
                            + base
                            + " has no place for it",
                    assertThrows(InvalidInput.class, () -> merge(base)).getMessage());
            assertFalse(Files.exists(made));
        }
    }

    @Test
    void nothingIsWrittenWhereASumIsNotFinite() throws IOException {
        new NewAdapter(
                        AdapterLayouts.of(family(), VOCABULARY),
                        new NewAdapter.Settings("base", 2, 1e38, 0))
                .matrix(PLAIN, () -> filled(16, 1e3f), () -> filled(64, 1e3f))
                .write(adapter);
        for (Path base : List.of(huggingFace, run)) {
            String message = assertThrows(InvalidInput.class, () -> merge(base)).getMessage();
            assertEquals(
                    "weight '" + PLAIN + "' holds Infinity, expected a finite number", message);
            assertFalse(Files.exists(made));
        }
    }

    private static float[] filled(int count, float value) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        return values;
    }

    @Test
    void aFolderThatIsNotEmptyIsLeftAlone() throws IOException {
        adapter(VOCABULARY).write(adapter);
        made = adapter;
        assertEquals(
                adapter + ": exists and is not empty; name a new folder",
                assertThrows(InvalidInput.class, () -> merge(run)).getMessage());
    }

    @Test
    void anAdapterIsTakenOutOfARunFolder() throws IOException {
        adapter(VOCABULARY).write(run.resolve("adapter"));
        try (StoredModel stored = find(run)) {
            assertEquals(2, adapters.extract(stored, made, Tiny.context(root)));
        }
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            assertEquals(
                    -1, Files.mismatch(run.resolve("adapter").resolve(name), made.resolve(name)));
        }
    }

    @Test
    void aRunWithoutAdapterAndABrokenOneAreRefused() throws IOException {
        try (StoredModel stored = find(run)) {
            assertEquals(
                    run + ": has no adapter/adapter_config.json, as a run with 'lora' has",
                    refusedExtract(stored));
            adapter(VOCABULARY).write(run.resolve("adapter"));
            Files.writeString(run.resolve("adapter/adapter_model.safetensors"), "cut");
            assertTrue(
                    refusedExtract(stored)
                            .startsWith(
                                    run.resolve("adapter/adapter_model.safetensors").toString()));
        }
        assertFalse(Files.exists(made));
    }

    private String refusedExtract(StoredModel stored) {
        return assertThrows(
                        InvalidInput.class,
                        () -> adapters.extract(stored, made, Tiny.context(root)))
                .getMessage();
    }
}
