package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.HuggingFaceTensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table, and a matrix [2, 3] that the files hold as two transposed parts, one of them doubled. */
class HuggingFaceWeightsTest {
    private static final HuggingFaceModel MODEL =
            new HuggingFaceModel(
                    Map.of("model_type", "tiny"),
                    "body.",
                    List.of(
                            HuggingFaceTensor.of("body.table", "table"),
                            new HuggingFaceTensor("body.first", "matrix", 0, 1, true, 2),
                            new HuggingFaceTensor(
                                    "body.rest", "matrix", 1, HuggingFaceTensor.END, true, 1)),
                    List.of(HuggingFaceTensor.of("head", "table")),
                    List.of("mask\\d"));
    private static final Map<String, Shape> SHAPES =
            Map.of("table", Shape.of(2, 2), "matrix", Shape.of(2, 3));

    private static final Tensor TABLE = new Tensor("body.table", Shape.of(2, 2), 1, 2, 3, 4);
    private static final Tensor FIRST = new Tensor("body.first", Shape.of(1, 2), 20, 40);
    private static final Tensor REST = new Tensor("body.rest", Shape.of(2, 2), 11, 21, 12, 22);

    @TempDir private Path folder;

    private record Tensor(String name, Shape shape, float... values) {
        Tensor named(String other) {
            return new Tensor(other, shape, values);
        }

        TensorContent content() {
            return TensorContent.of(name, shape, () -> MemorySegment.ofArray(values));
        }
    }

    @Test
    void partsArePutTogetherTurnedAndScaledBack() throws IOException {
        single(TABLE, FIRST, REST);
        assertWhole();
    }

    @Test
    void thePrefixMayBeLeftOutAndCopiesAndMasksBeThere() throws IOException {
        single(
                TABLE.named("table"),
                FIRST.named("first"),
                REST.named("rest"),
                TABLE.named("head"),
                FIRST.named("mask1"));
        assertWhole();
    }

    @Test
    void shardsAreReadByTheirIndex() throws IOException {
        shard("a.safetensors", TABLE, REST);
        shard("b.safetensors", FIRST);
        index("body.table", "a", "body.rest", "a", "body.first", "b");
        assertWhole();
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        single(TABLE, FIRST, REST);
        for (long max : new long[] {1 << 20, 20, 1}) {
            Path again = Files.createDirectory(folder.resolve("again" + max));
            try (HuggingFaceWeights weights = open(folder)) {
                new HuggingFaceTensors(MODEL, SHAPES, weights, StoredType.F32).write(again, max);
            }
            try (HuggingFaceWeights weights = open(again)) {
                assertWhole(weights);
            }
        }
        assertEquals(
                List.of(
                        "model-00001-of-00003.safetensors",
                        "model-00002-of-00003.safetensors",
                        "model-00003-of-00003.safetensors",
                        "model.safetensors.index.json"),
                names(folder.resolve("again1")));
        String index = Files.readString(folder.resolve("again1/model.safetensors.index.json"));
        assertTrue(index.contains("\"total_size\" : 40"), index);
        assertEquals(List.of("model.safetensors"), names(folder.resolve("again1048576")));
    }

    @Test
    void float16RefusesWhatItCannotHold() throws IOException {
        single(new Tensor("body.table", Shape.of(2, 2), 1, 2, 3, 65_519), FIRST, REST);
        try (HuggingFaceWeights weights = open(folder)) {
            HuggingFaceTensors half =
                    new HuggingFaceTensors(MODEL, SHAPES, weights, StoredType.F16);
            half.write(Files.createDirectory(folder.resolve("fits")), 1 << 20);
        }
        single(new Tensor("body.table", Shape.of(2, 2), 1, 2, 3, -65_520), FIRST, REST);
        try (HuggingFaceWeights weights = open(folder)) {
            HuggingFaceTensors half =
                    new HuggingFaceTensors(MODEL, SHAPES, weights, StoredType.F16);
            assertEquals(
                    "tensor 'body.table' holds -65520.0, which is too large for float16; take"
                            + " bfloat16",
                    assertThrows(InvalidInput.class, () -> half.write(folder, 9)).getMessage());
        }
    }

    @Test
    void aMissingTensorIsNamed() throws IOException {
        single(TABLE, FIRST);
        assertRefused("model.safetensors: has no tensor 'body.rest'");
    }

    @Test
    void anExtraTensorIsNamed() throws IOException {
        single(TABLE, FIRST, REST, FIRST.named("body.firts"));
        assertRefused(
                "model.safetensors: has a tensor 'body.firts', which is none of this model's"
                        + " (tiny); nearest is 'body.first'");
    }

    @Test
    void oneTensorUnderTwoNamesIsRefused() throws IOException {
        single(TABLE, FIRST, REST, FIRST.named("first"));
        assertRefused("model.safetensors: tensors 'body.first' and 'first' are the same one");
    }

    @Test
    void aWrongShapeIsNamed() throws IOException {
        single(TABLE, new Tensor("body.first", Shape.of(2, 1), 20, 40), REST);
        assertRefused("model.safetensors: tensor 'body.first' has shape [2, 1], expected [1, 2]");
    }

    @Test
    void aWrongTypeIsNamed() throws IOException {
        MemorySegment ids = MemorySegment.ofArray(new int[2]);
        withFirst(StoredType.I32, ids);
        assertRefused(
                "model.safetensors: tensor 'body.first' is I32, expected F32, F64, F16 or BF16");
    }

    private void withFirst(StoredType type, MemorySegment elements) throws IOException {
        TensorContent first =
                new TensorContent("body.first", type, List.of(1L, 2L), List.of(elements));
        SafetensorsContent.of(List.of(TABLE.content(), first, REST.content()))
                .save(folder.resolve(TensorFiles.SINGLE));
    }

    @Test
    void float64IsReadAsFloat32AndSaid() throws IOException {
        withFirst(StoredType.F64, MemorySegment.ofArray(new double[] {20 + 1e-12, 40}));
        try (HuggingFaceWeights weights = open(folder)) {
            assertWhole(weights);
            assertEquals(
                    List.of(
                            folder.resolve(TensorFiles.SINGLE)
                                    + ": tensors of float64 are read as float32, 1 of them"),
                    weights.notices());
            assertEquals(StoredType.F32, weights.type("matrix"));
        }
    }

    @Test
    void whatTorchWrapsAroundAModelIsTakenOff() throws IOException {
        single(
                TABLE.named("module._orig_mod.body.table"),
                FIRST.named("_orig_mod.module.first"),
                REST.named("body._orig_mod.rest"));
        assertWhole();
    }

    @Test
    void headsForOtherTasksAreLeftOutAndNamed() throws IOException {
        Tensor score = new Tensor("score.weight", Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
        single(
                TABLE,
                FIRST,
                REST,
                score,
                score.named("module.multiple_choice_head.summary.weight"));
        try (HuggingFaceWeights weights = open(folder)) {
            assertWhole(weights);
            assertEquals(
                    List.of(
                            folder.resolve(TensorFiles.SINGLE)
                                    + ": left out, of a head for another task:"
                                    + " module.multiple_choice_head.summary.weight, score.weight"),
                    weights.notices());
        }
    }

    /** As transformers 5.18 loads it: the tied pair has one set of values. */
    @Test
    void aWeightMayBeThereByTheNameOfItsCopyAlone() throws IOException {
        single(TABLE.named("head"), FIRST, REST);
        assertWhole();
    }

    @Test
    void whatIsStoredInHalfOfFloat32IsGivenAsItIs() throws IOException {
        single(TABLE, FIRST, REST);
        Path half = Files.createDirectory(folder.resolve("half"));
        try (HuggingFaceWeights weights = open(folder)) {
            new HuggingFaceTensors(MODEL, SHAPES, weights, StoredType.F16).write(half, 1 << 20);
        }
        try (HuggingFaceWeights weights = open(half)) {
            assertEquals(StoredType.F16, weights.type("table"));
            assertEquals(StoredType.F32, weights.type("matrix")); // a part has a factor
            MemorySegment table = weights.elements("table", Shape.of(2, 2), StoredType.F16);
            assertEquals(2f, Float.float16ToFloat(table.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2)));
        }
    }

    @Test
    void aPickledModelComesWithTheCommandThatConvertsIt() throws IOException {
        Files.createFile(folder.resolve("pytorch_model.bin"));
        assertEquals(
                folder
                        + ": has neither model.safetensors nor model.safetensors.index.json; its"
                        + " pytorch_model.bin is a pickle, which Kiln does not read; transformers"
                        + " converts it: python -c \"from transformers import AutoModelForCausalLM"
                        + " as M; M.from_pretrained('"
                        + folder
                        + "').save_pretrained('"
                        + folder
                        + "')\"",
                assertThrows(InvalidInput.class, () -> open(folder)).getMessage());
    }

    @Test
    void aCopyThatDiffersIsRefused() throws IOException {
        single(TABLE, FIRST, REST, new Tensor("head", Shape.of(2, 2), 1, 2, 3, 5));
        assertRefused(
                "model.safetensors: tensor 'head' differs from what it should be a copy of,"
                        + " 'body.table'");
    }

    @Test
    void anIndexAndItsShardsMustAgree() throws IOException {
        shard("a.safetensors", TABLE, REST);
        shard("b.safetensors", FIRST, REST);
        index("body.table", "a", "body.rest", "a", "body.first", "b");
        assertRefused(
                "b.safetensors: has tensor 'body.rest', which model.safetensors.index.json lists in"
                        + " a.safetensors");
        shard("b.safetensors", FIRST);
        index("body.table", "a", "body.first", "b");
        assertRefused(
                "a.safetensors: has tensor 'body.rest', which model.safetensors.index.json lists in"
                        + " no file");
        index("body.table", "a", "body.rest", "a", "body.first", "b", "x", "b");
        assertRefused(
                "model.safetensors.index.json: tensor 'x' is listed in b.safetensors, which does"
                        + " not have it");
        index("body.table", "c");
        assertRefused("c.safetensors: no such file");
    }

    @Test
    void anIndexLeadsToNoOtherFolder() throws IOException {
        for (String path : new String[] {"../a", "/a", "sub/a", "..\\\\a", "c:a"}) {
            index("body.table", path);
            String shown = path.replace("\\\\", "\\");
            assertRefused(
                    "model.safetensors.index.json: tensor 'body.table' is listed in '"
                            + shown
                            + ".safetensors', expected a safetensors file of the same folder");
        }
        Files.writeString(folder.resolve(TensorFiles.INDEX), "{\"weight_map\":[]}");
        assertRefused("model.safetensors.index.json: expected an object 'weight_map'");
        Files.writeString(
                folder.resolve(TensorFiles.INDEX), "{\"weight_map\":{\"a\":\"b\",\"a\":\"b\"}}");
        assertRefused("model.safetensors.index.json: is not as expected: Duplicate field 'a'");
    }

    @Test
    void aFolderWithoutWeightsSaysWhatIsMissing() {
        InvalidInput problem = assertThrows(InvalidInput.class, () -> open(folder));
        assertEquals(
                folder + ": has neither model.safetensors nor model.safetensors.index.json",
                problem.getMessage());
    }

    private void assertRefused(String message) {
        InvalidInput problem = assertThrows(InvalidInput.class, () -> open(folder));
        assertEquals(folder.resolve("x").getParent() + "/" + message, problem.getMessage());
    }

    private void assertWhole() {
        try (HuggingFaceWeights weights = open(folder)) {
            assertWhole(weights);
        }
    }

    private static void assertWhole(HuggingFaceWeights weights) {
        // first, [1, 2], doubled, is the transpose of column 0; rest, [2, 2], that of 1 and 2.
        assertArrayEquals(
                new float[] {10, 11, 12, 20, 21, 22}, floats(weights, "matrix", Shape.of(2, 3)));
        assertArrayEquals(new float[] {1, 2, 3, 4}, floats(weights, "table", Shape.of(2, 2)));
        assertEquals(List.of("table", "matrix"), weights.names());
    }

    private static float[] floats(HuggingFaceWeights weights, String name, Shape shape) {
        return weights.floats(name, shape).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    private static HuggingFaceWeights open(Path folder) {
        return HuggingFaceWeights.open(folder, MODEL, SHAPES);
    }

    private void single(Tensor... tensors) throws IOException {
        shard(TensorFiles.SINGLE, tensors);
    }

    private void shard(String name, Tensor... tensors) throws IOException {
        SafetensorsContent.of(List.of(tensors).stream().map(Tensor::content).toList())
                .save(folder.resolve(name));
    }

    private void index(String... tensorsAndShards) throws IOException {
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < tensorsAndShards.length; i += 2) {
            entries.add(
                    "\"%s\":\"%s.safetensors\""
                            .formatted(tensorsAndShards[i], tensorsAndShards[i + 1]));
        }
        Files.writeString(
                folder.resolve(TensorFiles.INDEX),
                "{\"weight_map\":{" + String.join(",", entries) + "}}");
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
