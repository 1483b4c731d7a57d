package dev.kiln.platform.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.inference.GenerationRequest;
import dev.kiln.platform.inference.generation.Generator;
import dev.kiln.platform.inference.generation.TextListener;
import dev.kiln.platform.models.GenerationDefaults;
import dev.kiln.platform.models.OpenModel;
import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.StoredModel.SavedTokenizer;
import dev.kiln.platform.models.StoredTokenizer;
import dev.kiln.platform.storage.StoredType;
import dev.kiln.platform.storage.TokenizerFiles;
import dev.kiln.spi.Choice;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;
import dev.kiln.spi.generation.Sampler;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.TinyHead;
import dev.kiln.toolkit.Blueprint;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of known weights, with a vocabulary padded from 257 to 260, goes out and in again. */
class ExchangeTest {
    private static final int VOCABULARY = 260;
    private static final ExportOptions SINGLES = new ExportOptions(StoredType.F32, 1 << 30);

    @TempDir private Path root;
    private final List<String> notices = new ArrayList<>();
    private Path exported;
    private Path run;

    @BeforeEach
    void export() throws IOException {
        exported = root.resolve("out/tiny");
        run = root.resolve("runs/tiny");
        export(exported, SINGLES, Optional.of(new SavedTokenizer("bytes", new ByteTokenizer())));
    }

    private void export(Path target, ExportOptions options, Optional<SavedTokenizer> tokenizer)
            throws IOException {
        export(Tiny.family(), names(), target, options, tokenizer);
    }

    private void export(
            Choice<ModelFamily> family,
            List<String> weights,
            Path target,
            ExportOptions options,
            Optional<SavedTokenizer> tokenizer)
            throws IOException {
        StoredModel stored =
                new StoredModel(
                        root,
                        family,
                        new FixedChoice<>("language-model", new TinyHead()),
                        VOCABULARY,
                        tokenizer
                                .map(StoredTokenizer::of)
                                .orElseGet(
                                        () ->
                                                StoredTokenizer.none(
                                                        root,
                                                        TokenizerFiles.ofHuggingFace(
                                                                root.resolve("none")))),
                        GenerationDefaults.NONE,
                        new Tiny.Known(weights));
        new ModelExport(Tiny.CATALOG)
                .run(stored, target, options, Tiny.context(root), notices::add);
    }

    private List<String> names() {
        return List.copyOf(blueprint().parts().keySet());
    }

    private Blueprint blueprint() {
        return Blueprint.of(Tiny.family().create(Tiny.context(root)), VOCABULARY);
    }

    private ModelImport.Imported importTo(Path target) throws IOException {
        return new ModelImport(Tiny.TRAINED, Tiny.CONFIG_FILES)
                .run(exported, Optional.empty(), Tiny.context(target), notices::add);
    }

    @Test
    void whatIsExportedAndImportedIsTheSameModel() throws IOException {
        ModelImport.Imported made = importTo(run);
        assertEquals("tiny", made.family());
        assertEquals(blueprint().parameters(), made.parameters());
        assertEquals(Optional.of("bytes"), made.tokenizer());
        assertWeights(run);
        assertWeights(exported);
        assertEquals(List.of(), notices);
    }

    private void assertWeights(Path folder) throws IOException {
        try (StoredModel stored = find(folder)) {
            assertEquals(VOCABULARY, stored.vocabulary());
            assertEquals(new Tiny.Options(6, true), stored.model().options());
            blueprint()
                    .parts()
                    .forEach(
                            (name, part) ->
                                    assertArrayEquals(
                                            Tiny.Known.values(name, part.shape()),
                                            floats(stored, name, part.shape()),
                                            name));
        }
    }

    private static float[] floats(StoredModel stored, String name, Shape shape) {
        return stored.weights().floats(name, shape).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    private StoredModel find(Path folder) throws IOException {
        return Tiny.TRAINED.find(folder, true, Tiny.context(root), notices::add);
    }

    @Test
    void bothKindsOfFolderWriteTheSameText() throws IOException {
        importTo(run);
        String text = generate(exported);
        assertEquals(5, text.length());
        assertEquals(text, generate(run));
    }

    private String generate(Path folder) throws IOException {
        Sampler argMax =
                (logits, history, length, key) -> {
                    int best = 'a';
                    for (int i = 'a'; i < 'z'; i++) {
                        best = logits[i] > logits[best] ? i : best;
                    }
                    return best;
                };
        try (Backend backend = new ReferenceBackend();
                OpenModel model =
                        Tiny.TRAINED.open(
                                folder,
                                true,
                                Tiny.context(root),
                                backend,
                                Precision.FLOAT32,
                                notices::add)) {
            return new Generator(model.language())
                    .generate(
                            List.of(new int[] {'a', 'b'}),
                            new GenerationRequest(5, argMax, List.of(), 1),
                            TextListener.NONE)
                    .getFirst()
                    .text();
        }
    }

    @Test
    void withoutATokenizerOnlyWhatNeedsOneFails() throws IOException {
        Path bare = root.resolve("bare");
        export(bare, SINGLES, Optional.empty());
        assertEquals(List.of("the model has no tokenizer, so the folder has none"), notices);
        exported = bare;
        assertEquals(Optional.empty(), importTo(run).tokenizer());
        assertWeights(run);
        for (Path folder : List.of(bare, run)) {
            assertEquals(
                    folder + ": has no tokenizer that Kiln reads, and this needs one",
                    assertThrows(InvalidInput.class, () -> generate(folder)).getMessage());
        }
    }

    @Test
    void aTokenizerOfUnknownKindIsCopiedThereAndBackAndTheModelIsUsed() throws IOException {
        Files.delete(exported.resolve("bytes.txt"));
        Files.writeString(exported.resolve("spiece.model"), "pieces");
        assertEquals(Optional.of("files copied, not read"), importTo(run).tokenizer());
        assertWeights(run);
        assertEquals("pieces", Files.readString(run.resolve("tokenizer/spiece.model")));
        assertEquals(
                run + ": has no tokenizer that Kiln reads, and this needs one",
                assertThrows(InvalidInput.class, () -> generate(run)).getMessage());
        Path back = root.resolve("back");
        try (StoredModel stored = find(run)) {
            new ModelExport(Tiny.CATALOG)
                    .run(stored, back, SINGLES, Tiny.context(root), notices::add);
        }
        assertEquals("pieces", Files.readString(back.resolve("spiece.model")));
        assertTrue(notices.contains("the tokenizer's files are copied as they are"), "" + notices);
    }

    @Test
    void aTokenizerThatIsBrokenIsNamedAndTheModelIsUsed() throws IOException {
        importTo(run);
        Files.delete(run.resolve("tokenizer/bytes.txt"));
        assertWeights(run);
        String problem =
                "the tokenizer is not read: expected a file " + run.resolve("tokenizer/bytes.txt");
        assertTrue(notices.contains(problem), "" + notices);
        assertEquals(
                problem + ", and this needs one",
                assertThrows(InvalidInput.class, () -> generate(run)).getMessage());
    }

    @Test
    void whatElseATokenizersFilesSayIsKeptAsItIs() throws IOException {
        String said = "{\"pad_token\":\"<pad>\", \"model_max_length\":7}";
        Files.writeString(exported.resolve("tokenizer_config.json"), said);
        importTo(run);
        assertEquals(said, Files.readString(run.resolve("tokenizer/tokenizer_config.json")));
        assertTrue(Files.exists(run.resolve("tokenizer/bytes.txt")));
    }

    @Test
    void theEndOfTextIsInBothConfigs() throws IOException {
        String generation = Files.readString(exported.resolve("generation_config.json"));
        assertEquals("{\n  \"bos_token_id\" : 256,\n  \"eos_token_id\" : 256\n}\n", generation);
        String config = Files.readString(exported.resolve("config.json"));
        assertEquals(
                """
                {
                  "bos_token_id" : 256,
                  "dtype" : "float32",
                  "eos_token_id" : 256,
                  "model_type" : "tiny",
                  "n_positions" : 6,
                  "vocab_size" : 260
                }
                """,
                config);
    }

    /** As huggingface/trl#2142 has it: chat models name their ends in generation_config.json alone. */
    @Test
    void importAndExportKeepWhatAFolderSaysOfGeneration() throws IOException {
        Files.writeString(
                exported.resolve("generation_config.json"),
                """
                {"_from_model_config": true, "eos_token_id": [256, 10], "pad_token_id": 0,
                 "max_new_tokens": 12, "repetition_penalty": 1.3, "suppress_tokens": [1, 2],
                 "transformers_version": "5.18.0", "temperature": null}
                """);
        importTo(run);
        Path again = root.resolve("again");
        try (StoredModel stored = find(run)) {
            new ModelExport(Tiny.CATALOG)
                    .run(stored, again, SINGLES, Tiny.context(root), notices::add);
        }
        assertEquals(
                """
                {
                  "bos_token_id" : 256,
                  "eos_token_id" : [ 256, 10 ],
                  "max_new_tokens" : 12,
                  "pad_token_id" : 0,
                  "repetition_penalty" : 1.3,
                  "suppress_tokens" : [ 1, 2 ],
                  "transformers_version" : "5.18.0"
                }
                """,
                Files.readString(again.resolve("generation_config.json")));
        String config = Files.readString(again.resolve("config.json"));
        assertTrue(config.contains("\"bos_token_id\" : 256,"), config);
        assertTrue(config.contains("\"eos_token_id\" : [ 256, 10 ],"), config);
        assertTrue(config.contains("\"pad_token_id\" : 0,"), config);
    }

    @Test
    void shardsAndBfloat16AreReadToo() throws IOException {
        exported = root.resolve("shards");
        ExportOptions options = new ExportOptions(StoredType.BF16, 1000);
        export(exported, options, Optional.empty());
        assertTrue(Files.exists(exported.resolve("model.safetensors.index.json")));
        importTo(run);
        try (StoredModel stored = find(run)) {
            Shape shape = Shape.of(VOCABULARY, 8);
            assertEquals(WeightFormat.BFLOAT16, stored.weights().format("wte.weight"));
            float[] read = floats(stored, "wte.weight", shape);
            float[] meant = Tiny.Known.values("wte.weight", shape);
            for (int i = 0; i < meant.length; i++) {
                // A bfloat16 has 8 bits: rounding moves it by 2^-9 of itself at most.
                assertEquals(meant[i], read[i], Math.abs(meant[i]) * 0x1p-8);
            }
        }
    }

    @Test
    void anImportMayKeepWeightsInAnotherType() throws IOException {
        exported = root.resolve("narrow");
        export(exported, new ExportOptions(StoredType.BF16, 1 << 30), Optional.empty());
        new ModelImport(Tiny.TRAINED, Tiny.CONFIG_FILES)
                .run(exported, Optional.of(StoredType.F32), Tiny.context(run), notices::add);
        try (StoredModel stored = find(run)) {
            assertEquals(WeightFormat.FLOAT32, stored.weights().format("wte.weight"));
        }
    }

    @Test
    void whatIsTakenFromDefaultsIsSaid() throws IOException {
        config("{\"model_type\":\"tiny\",\"vocab_size\":260,\"guess\":true,\"n_positions\":6}");
        importTo(run);
        assertEquals(
                List.of(
                        exported.resolve("config.json")
                                + ": taken from transformers' defaults: n_heads 2"),
                notices);
    }

    /** As peft lays it down; see huggingface/peft#309 for what happens when it is overlooked. */
    @Test
    void anAdapterNextToAModelIsRefused() throws IOException {
        Path adapter = Files.writeString(exported.resolve("adapter_config.json"), "{}");
        String message = assertThrows(InvalidInput.class, () -> importTo(run)).getMessage();
        assertTrue(message.startsWith(adapter + ": is a peft adapter"), message);
        assertTrue(message.contains("merge_and_unload()"), message);
        Files.delete(exported.resolve("config.json"));
        assertEquals(message, assertThrows(InvalidInput.class, () -> find(exported)).getMessage());
    }

    @Test
    void anImportHalfDoneLeavesNothing() throws IOException {
        Files.write(exported.resolve("model.safetensors"), new byte[100]);
        assertThrows(InvalidInput.class, () -> importTo(run));
        assertFalse(Files.exists(run.getParent()));
    }

    @Test
    void anExistingRunFolderIsRefused() throws IOException {
        importTo(run);
        assertRefused(run + ": exists and is not empty; name a new folder");
    }

    @Test
    void anUnknownTypeOfModelNamesTheKnownOnes() throws IOException {
        config("{\"model_type\":\"tinny\",\"vocab_size\":260}");
        assertRefused(
                exported.resolve("config.json")
                        + ": no model family reads model_type 'tinny'; did you mean 'tiny'? there"
                        + " are: tinier, tiny");
        config("{\"vocab_size\":260}");
        assertRefused(exported.resolve("config.json") + ": expected a text 'model_type'");
    }

    @Test
    void whatAConfigAsksForIsCheckedAsOptionsAre() throws IOException {
        config("{\"model_type\":\"tiny\",\"vocab_size\":260,\"n_positions\":1}");
        String problem = assertThrows(InvalidInput.class, () -> importTo(run)).getMessage();
        String start = exported.resolve("config.json") + " (as options of tiny): ";
        assertEquals(start, problem.substring(0, start.length()));
        assertTrue(problem.contains("'context'"), problem);
        config("{\"model_type\":\"tiny\",\"vocab_size\":260,\"rotary\":true,\"x\":null}");
        assertRefused(
                exported.resolve("config.json") + ": rotary: there are no such positions here");
        config("{\"model_type\":\"tiny\",\"vocab_size\":\"many\"}");
        assertRefused(
                exported.resolve("config.json")
                        + ": expected a whole number 'vocab_size' from 1 on, found many");
    }

    @Test
    void aVocabularySmallerThanTheTokenizersIsNoticed() throws IOException {
        config("{\"model_type\":\"tiny\",\"vocab_size\":256}");
        assertThrows(InvalidInput.class, () -> find(exported));
        assertEquals(
                List.of(
                        exported.resolve("config.json")
                                + ": the model's vocabulary has 256 tokens, fewer than the"
                                + " tokenizer's 257: a text that needs one of the others is"
                                + " refused"),
                notices);
    }

    @Test
    void aConfigOfAnotherSizeThanTheTensorsNamesTheTensor() throws IOException {
        config("{\"model_type\":\"tiny\",\"vocab_size\":261,\"n_positions\":6}");
        assertRefused(
                exported.resolve("model.safetensors")
                        + ": tensor 'body.wte.weight' has shape [260, 8], expected [261, 8]");
    }

    @Test
    void aFolderOfNeitherKindSaysWhatIsMissing() {
        assertEquals(
                root
                        + ": has neither config.yaml, as a run folder, nor config.json, as a Hugging"
                        + " Face folder",
                assertThrows(InvalidInput.class, () -> find(root)).getMessage());
        exported = root;
        assertRefused(root + ": is no Hugging Face folder: it has no config.json");
    }

    @Test
    void aModelThatFilesCannotHoldLeavesNothing() {
        Choice<ModelFamily> other =
                new FixedChoice<>("tiny", new Tiny.Family(new Tiny.Options(6, false)));
        Path target = root.resolve("other");
        assertEquals(
                "model 'tiny': no file can hold it",
                exportProblem(other, names(), target, Optional.empty()));
        List<String> withHead = new ArrayList<>(new TreeSet<>(names()));
        withHead.add("head.score");
        assertEquals(
                root
                        + ": weight 'head.score' of head 'language-model' has no place in a Hugging"
                        + " Face folder",
                exportProblem(Tiny.family(), withHead, target, Optional.empty()));
        assertFalse(Files.exists(target));
    }

    @Test
    void aTokenizerMayNotTakeTheModelsNames() {
        Path target = root.resolve("clash");
        SavedTokenizer greedy = new SavedTokenizer("greedy", new Named("config.json"));
        assertEquals(
                "tokenizer 'greedy' has a file config.json, and the model's must be called that",
                exportProblem(Tiny.family(), names(), target, Optional.of(greedy)));
        assertFalse(Files.exists(target));
    }

    @Test
    void aTokenizerThatPythonDoesNotKnowIsSaid() throws IOException {
        SavedTokenizer own = new SavedTokenizer("own", new Named("own.txt"));
        export(root.resolve("own"), SINGLES, Optional.of(own));
        assertEquals(
                List.of("AutoTokenizer can't load the tokenizer: 'own' is a kind of Kiln's own"),
                notices);
        String config = Files.readString(root.resolve("own/config.json"));
        assertTrue(config.contains("\"eos_token_id\" : null"), config);
        assertFalse(Files.exists(root.resolve("own/generation_config.json")));
    }

    private String exportProblem(
            Choice<ModelFamily> family,
            List<String> weights,
            Path target,
            Optional<SavedTokenizer> tokenizer) {
        return assertThrows(
                        InvalidInput.class,
                        () -> export(family, weights, target, SINGLES, tokenizer))
                .getMessage();
    }

    private void config(String json) throws IOException {
        Files.writeString(exported.resolve("config.json"), json);
    }

    private void assertRefused(String message) {
        assertEquals(message, assertThrows(InvalidInput.class, () -> importTo(run)).getMessage());
    }
}
