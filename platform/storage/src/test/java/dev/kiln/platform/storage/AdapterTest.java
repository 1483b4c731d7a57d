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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A layer of two matrices: fused queries and keys, which files hold apart, turned and the queries
 * halved, and a plain one. All sums are worked out by hand.
 */
class AdapterTest {
    private static final String FUSED = "h.0.attn.c_attn.weight";
    private static final String PLAIN = "h.0.mlp.c_fc.weight";
    private static final String TABLE = "wte.weight";
    private static final String Q = "base_model.model.body.h.0.q_proj";
    private static final String FC = "base_model.model.body.h.0.mlp.c_fc";
    private static final String ROWS =
            "base_model.model.body.wte.token_adapter.trainable_tokens_delta";

    @TempDir private Path folder;
    private final Map<String, float[]> tensors = new LinkedHashMap<>();
    private final Map<String, List<Long>> dimensions = new LinkedHashMap<>();

    @BeforeEach
    void addPlain() {
        add(FC + ".lora_A.weight", List.of(1L, 2L), 1, 2);
        add(FC + ".lora_B.weight", List.of(3L, 1L), 3, 4, 5);
    }

    private void add(String name, List<Long> shape, float... values) {
        tensors.put(name, values);
        dimensions.put(name, shape);
    }

    private void remove(String name) {
        tensors.remove(name);
        dimensions.remove(name);
    }

    private static Map<String, Shape> shapes(int vocabulary) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put(TABLE, Shape.of(vocabulary, 2));
        shapes.put(FUSED, Shape.of(2, 4));
        shapes.put(PLAIN, Shape.of(2, 3));
        return shapes;
    }

    private static AdapterLayout layout(int vocabulary) {
        List<HuggingFaceTensor> parts =
                List.of(
                        HuggingFaceTensor.of("body.wte.weight", TABLE),
                        new HuggingFaceTensor("body.h.0.q_proj.weight", FUSED, 0, 2, true, 0.5),
                        new HuggingFaceTensor("body.h.0.k_proj.weight", FUSED, 2, 4, true, 1),
                        HuggingFaceTensor.of("body.h.0.mlp.c_fc.weight", PLAIN));
        return new AdapterLayout(
                new HuggingFaceModel(Map.of(), "body.", parts, List.of(), List.of()),
                shapes(vocabulary),
                Set.of(FUSED, PLAIN),
                List.of(TABLE));
    }

    private void write(String config) throws IOException {
        SafetensorsContent.of(
                        tensors.keySet().stream()
                                .map(
                                        name ->
                                                new TensorContent(
                                                        name,
                                                        dimensions.get(name),
                                                        () ->
                                                                MemorySegment.ofArray(
                                                                        tensors.get(name))))
                                .toList())
                .save(folder.resolve(AdapterFile.TENSORS));
        Files.writeString(folder.resolve(AdapterConfig.FILE), config);
    }

    private static String config(String more) {
        return "{\"peft_type\": \"LORA\", \"bias\": \"none\", \"r\": 1, \"lora_alpha\": 2"
                + more
                + "}";
    }

    /** A weight of a base of ones, with the adapter in it. */
    private float[] merged(String name, int vocabulary) {
        AdapterConfig config = AdapterConfig.read(folder);
        try (AdapterFile file = AdapterFile.open(folder, config, layout(vocabulary));
                Ones ones = new Ones();
                AdaptedWeights weights =
                        new AdaptedWeights(ones, shapes(3), shapes(vocabulary), file)) {
            Shape shape = shapes(vocabulary).get(name);
            return weights.floats(name, shape).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
    }

    private String refusal() {
        return assertThrows(InvalidInput.class, () -> merged(PLAIN, 3))
                .getMessage()
                .replace(folder.toString(), "AT");
    }

    @Test
    void aMatrixGetsAlphaByRankTimesTheProduct() throws IOException {
        write(config(""));
        assertArrayEquals(new float[] {7, 9, 11, 13, 17, 21}, merged(PLAIN, 3));
    }

    @Test
    void whatHasNoAdapterIsTheBases() throws IOException {
        write(config(""));
        assertArrayEquals(new float[] {1, 1, 1, 1, 1, 1, 1, 1}, merged(FUSED, 3));
    }

    /** Of a fused matrix only the queries; in files they are turned and half as large. */
    @Test
    void aPartOfAFusedMatrixIsChangedAlone() throws IOException {
        add(Q + ".lora_A.weight", List.of(1L, 2L), 1, 2);
        add(Q + ".lora_B.weight", List.of(2L, 1L), 3, 5);
        write(config(""));
        assertArrayEquals(new float[] {13, 21, 1, 1, 25, 41, 1, 1}, merged(FUSED, 3));
    }

    /** Of rank 4 with zeros: alpha 2 by the root of 4 is 1. */
    @Test
    void rsLoraDividesByTheRootOfTheRank() throws IOException {
        add(FC + ".lora_A.weight", List.of(4L, 2L), 1, 2, 0, 0, 0, 0, 0, 0);
        add(FC + ".lora_B.weight", List.of(3L, 4L), 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0);
        write(config(", \"rank_pattern\": {\"c_fc\": 4}, \"use_rslora\": true"));
        assertArrayEquals(new float[] {4, 5, 6, 7, 9, 11}, merged(PLAIN, 3));
    }

    @Test
    void anAlphaOfItsOwnCountsForItsModuleAlone() throws IOException {
        add(Q + ".lora_A.weight", List.of(1L, 2L), 1, 2);
        add(Q + ".lora_B.weight", List.of(2L, 1L), 3, 5);
        write(config(", \"alpha_pattern\": {\"mlp.c_fc\": 1}"));
        assertArrayEquals(new float[] {4, 5, 6, 7, 9, 11}, merged(PLAIN, 3));
        assertArrayEquals(new float[] {13, 21, 1, 1, 25, 41, 1, 1}, merged(FUSED, 3));
    }

    @Test
    void rowsOfTokensAreReplacedAndAdded() throws IOException {
        add(ROWS, List.of(2L, 2L), 7, 8, 9, 10);
        write(config(", \"trainable_token_indices\": [1, 3]"));
        assertEquals(4, AdapterConfig.read(folder).vocabulary());
        assertArrayEquals(new float[] {1, 1, 7, 8, 1, 1, 9, 10}, merged(TABLE, 4));
    }

    @Test
    void namesMayLackTheModelsPrefix() throws IOException {
        tensors.clear();
        dimensions.clear();
        add("base_model.model.h.0.mlp.c_fc.lora_A.weight", List.of(1L, 2L), 1, 2);
        add("base_model.model.h.0.mlp.c_fc.lora_B.weight", List.of(3L, 1L), 3, 4, 5);
        write(config(""));
        assertArrayEquals(new float[] {7, 9, 11, 13, 17, 21}, merged(PLAIN, 3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"use_dora\": true|use_dora: expected a plain LoRA adapter, without it, found true",
                "\"lora_bias\": true|lora_bias: expected a plain LoRA adapter, without it, found true",
                "\"new_thing\": {\"a\": 1}|new_thing: expected a plain LoRA adapter, without it, found"
                        + " {a=1}",
                "\"bias\": \"all\"|bias: expected none, found all",
                "\"peft_type\": \"IA3\"|peft_type: expected LORA, found IA3",
                "\"init_lora_weights\": \"pissa\"|init_lora_weights: expected one that leaves the"
                        + " base's matrices as they are: true, false, gaussian, eva or orthogonal, found"
                        + " pissa",
                "\"r\": 0|r: expected a whole number from 1 to 65536, found 0",
                "\"lora_alpha\": \"x\"|lora_alpha: expected a number, found x",
                "\"rank_pattern\": {\"c_.*\": 4}|rank_pattern: expected names of modules, no regular"
                        + " expressions, found {c_.*=4}",
                "\"alpha_pattern\": {\"c_fc\": []}|lora_alpha: expected a number, found []",
                "\"modules_to_save\": [\"lm_head\"]|modules_to_save: expected none but score, a"
                        + " classifier's layer, found [lm_head]",
                "\"trainable_token_indices\": [1, 1]|trainable_token_indices: expected tokens' ids,"
                        + " each once, found [1, 1]",
                "\"target_modules\": [\"c_fc\", \"c_proj\"]|target_modules: no matrix of the base's"
                        + " layers is called 'c_proj'; it has body.h.0.q_proj, body.h.0.k_proj,"
                        + " body.h.0.mlp.c_fc",
            })
    void optionsThatAreNoPlainLoraAreRefusedByName(String option, String message)
            throws IOException {
        String key = option.substring(0, option.indexOf(':'));
        String rest =
                Arrays.stream(config("").split("[{},]"))
                        .filter(pair -> !pair.isBlank() && !pair.strip().startsWith(key))
                        .reduce(option, (all, pair) -> all + "," + pair);
        write("{" + rest + "}");
        assertEquals("AT/adapter_config.json: " + message, refusal());
    }

    @Test
    void optionsWithoutEffectAreTaken() throws IOException {
        write(
                config(
                        ", \"use_dora\": false, \"layer_replication\": null, \"arrow_config\": {},"
                                + " \"lora_dropout\": 0.5, \"target_modules\": \".*c_fc\","
                                + " \"modules_to_save\": [\"classifier\", \"score\"]"));
        assertArrayEquals(new float[] {7, 9, 11, 13, 17, 21}, merged(PLAIN, 3));
    }

    @Test
    void anAdapterOfAnotherShapeIsRefused() throws IOException {
        add(FC + ".lora_A.weight", List.of(1L, 5L), 1, 2, 3, 4, 5);
        write(config(""));
        assertEquals(
                "AT/adapter_model.safetensors: tensor '"
                        + FC
                        + ".lora_A.weight' has shape [1, 5], expected [1, 2]",
                refusal());
    }

    @Test
    void anAdapterOfAnotherBaseIsRefusedWithTheNamesThatThereAre() throws IOException {
        add("base_model.model.body.h.0.mlp.up.lora_A.weight", List.of(1L, 2L), 1, 2);
        write(config(""));
        assertEquals(
                "AT/adapter_model.safetensors: tensor 'base_model.model.body.h.0.mlp.up.lora_A.weight'"
                        + " is of nothing that Kiln adapts in this base: matrices of its layers"
                        + " (body.h.0.q_proj, body.h.0.k_proj, body.h.0.mlp.c_fc), rows of its tables of"
                        + " tokens (body.wte), a head (score.*)",
                refusal());
    }

    @Test
    void halfAnAdapterIsRefused() throws IOException {
        remove(FC + ".lora_B.weight");
        write(config(""));
        assertTrue(
                refusal()
                        .startsWith(
                                "AT/adapter_model.safetensors: has no tensor '"
                                        + FC
                                        + ".lora_B.weight'"),
                refusal());
    }

    @Test
    void aNumberThatIsNoneIsRefused() throws IOException {
        tensors.get(FC + ".lora_B.weight")[1] = Float.NaN;
        write(config(""));
        assertEquals(
                "AT/adapter_model.safetensors: weight '"
                        + FC
                        + ".lora_B.weight' holds NaN, expected a finite number",
                refusal());
    }

    @Test
    void tensorsThatTheTargetsDoNotNameAreRefused() throws IOException {
        write(config(", \"target_modules\": [\"q_proj\"]"));
        assertEquals(
                "AT/adapter_model.safetensors: has an adapter of 'body.h.0.mlp.c_fc', which is none of"
                        + " the target_modules of adapter_config.json: q_proj",
                refusal());
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        assertEquals("AT/adapter_config.json: is missing", refusal());
        Files.writeString(folder.resolve(AdapterConfig.FILE), config(""));
        assertTrue(refusal().startsWith("AT/adapter_model.safetensors"), refusal());
    }

    @Test
    void anEmptyAdapterIsRefused() throws IOException {
        tensors.clear();
        write(config(""));
        assertEquals("AT/adapter_model.safetensors: holds no adapter", refusal());
    }

    @Test
    void aLargerVocabularyNeedsARowForEachNewToken() throws IOException {
        add(ROWS, List.of(1L, 2L), 7, 8);
        write(config(", \"trainable_token_indices\": [4]"));
        assertEquals(
                "AT/adapter_model.safetensors: is for a larger vocabulary than the base's 3 tokens, and"
                        + " has no row of 'wte.weight' for token 3",
                assertThrows(InvalidInput.class, () -> merged(TABLE, 5))
                        .getMessage()
                        .replace(folder.toString(), "AT"));
    }

    private NewAdapter adapter() {
        return new NewAdapter(layout(3), new NewAdapter.Settings("gpt", 1, 2, 0.25));
    }

    /** The fused matrix is written as its two modules, which share A. */
    @Test
    void aFusedMatrixIsWrittenAsItsModules() throws IOException {
        adapter()
                .matrix(FUSED, () -> new float[] {1, 2}, () -> new float[] {6, 10, 7, 9})
                .write(folder);
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(AdapterFile.TENSORS))) {
            assertEquals(
                    Set.of(
                            Q + ".lora_A.weight",
                            Q + ".lora_B.weight",
                            Q.replace("q_", "k_") + ".lora_A.weight",
                            Q.replace("q_", "k_") + ".lora_B.weight"),
                    new TreeSet<>(file.names()));
            assertArrayEquals(new float[] {1, 2}, floats(file, Q + ".lora_A.weight"));
            assertArrayEquals(new float[] {3, 5}, floats(file, Q + ".lora_B.weight"));
            assertEquals(List.of(2L, 1L), file.describe(Q + ".lora_B.weight").shape());
            assertArrayEquals(
                    new float[] {7, 9}, floats(file, Q.replace("q_", "k_") + ".lora_B.weight"));
        }
        assertArrayEquals(new float[] {13, 21, 15, 19, 25, 41, 29, 37}, merged(FUSED, 3));
    }

    private static float[] floats(SafetensorsFile file, String name) {
        return file.floats(name).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    /** Of rank 2, so that a transpose shows. */
    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        float[] down = {1, 2, 3, 4}; // (in, r)
        float[] up = {1, 0, 2, 0, 1, 3}; // (r, out)
        new NewAdapter(layout(3), new NewAdapter.Settings("gpt", 2, 4, 0))
                .matrix(PLAIN, () -> down, () -> up)
                .write(folder);
        // 1 + 2 · [1·1 + 2·0, 1·0 + 2·1, 1·2 + 2·3], and with 3 and 4.
        assertArrayEquals(new float[] {3, 5, 17, 7, 9, 37}, merged(PLAIN, 3));
    }

    @Test
    void theConfigSaysWhatPeftNeeds() throws IOException {
        adapter()
                .matrix(PLAIN, () -> new float[] {1, 2}, () -> new float[] {3, 4, 5})
                .rows(TABLE, 3, 1, () -> new float[] {7, 8})
                .head("head.weight", Shape.of(2, 3), () -> new float[] {1, 2, 3, 4, 5, 6})
                .note("kiln.head", "head: x")
                .write(folder);
        Map<String, Object> config = Json.object(folder.resolve(AdapterConfig.FILE));
        assertEquals("LORA", config.get("peft_type"));
        assertEquals("SEQ_CLS", config.get("task_type"));
        assertEquals("gpt", config.get("base_model_name_or_path"));
        assertEquals(1, config.get("r"));
        assertEquals(2, config.get("lora_alpha"));
        assertEquals(0.25, config.get("lora_dropout"));
        assertEquals("none", config.get("bias"));
        assertEquals(List.of("c_fc"), config.get("target_modules"));
        assertEquals(List.of("score"), config.get("modules_to_save"));
        assertEquals(List.of(3), config.get("trainable_token_indices"));
        assertEquals(false, config.get("fan_in_fan_out")); // The queries lie turned.
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(AdapterFile.TENSORS))) {
            assertEquals(Map.of("format", "pt", "kiln.head", "head: x"), file.metadata());
            String score = "base_model.model.score.weight";
            assertEquals(List.of(3L, 2L), file.describe(score).shape());
            assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, floats(file, score));
        }
        assertArrayEquals(new float[] {1, 1, 1, 1, 1, 1, 7, 8}, merged(TABLE, 4));
    }

    @Test
    void targetsAreTheShortestNamesThatMeanTheseMatricesAlone() {
        List<HuggingFaceTensor> parts = new ArrayList<>();
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (String name :
                List.of("h.0.attn.proj", "h.0.mlp.proj", "h.1.attn.proj", "h.1.mlp.proj")) {
            shapes.put(name, Shape.of(2, 2));
            parts.add(HuggingFaceTensor.of("t." + name + ".weight", name));
        }
        AdapterLayout layout =
                new AdapterLayout(
                        new HuggingFaceModel(Map.of(), "t.", parts, List.of(), List.of()),
                        shapes,
                        shapes.keySet(),
                        List.of());
        assertEquals(
                List.of("attn.proj", "0.mlp.proj"),
                layout.targets(
                        new LinkedHashSet<>(
                                List.of("t.h.0.attn.proj", "t.h.1.attn.proj", "t.h.0.mlp.proj"))));
        assertEquals(
                List.of("proj"),
                layout.targets(
                        Set.of(
                                "t.h.0.attn.proj",
                                "t.h.1.attn.proj",
                                "t.h.0.mlp.proj",
                                "t.h.1.mlp.proj")));
        assertTrue(layout.conv1d());
    }
}
