package dev.kiln.platform.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.models.GenerationDefaults;
import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.StoredModel.SavedTokenizer;
import dev.kiln.platform.models.StoredTokenizer;
import dev.kiln.platform.storage.StoredType;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.WeightFormat;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.TinyHead;
import dev.kiln.toolkit.Blueprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Hugging Face folder with one element that is no number, as a whole model is passed on. */
class NotFiniteWeightsTest {
    private static final int VOCABULARY = 260;

    /** A table, a matrix, a vector and the table of positions: each becomes another format. */
    private static final Map<String, String> FILE_TO_MODEL =
            Map.of(
                    "body.wte.weight", "wte.weight",
                    "body.h.1.mlp.c_fc.weight", "h.1.mlp.c_fc.weight",
                    "body.h.0.ln_1.bias", "h.0.ln_1.bias",
                    "body.wpe.weight", "wpe.weight");

    private static final List<String> VERBS =
            List.of("import", "float32", "bfloat16", "INT8", "INT4", "BFLOAT16");

    @TempDir private Path root;
    private final List<String> notices = new ArrayList<>();
    private Path model;
    private Path target;
    private byte[] whole;

    @BeforeEach
    void writeModel() throws IOException {
        model = root.resolve("model");
        target = root.resolve("made");
        Blueprint blueprint = Blueprint.of(Tiny.family().create(Tiny.context(root)), VOCABULARY);
        export(
                new StoredModel(
                        root,
                        Tiny.family(),
                        new FixedChoice<>("language-model", new TinyHead()),
                        VOCABULARY,
                        StoredTokenizer.of(new SavedTokenizer("bytes", new ByteTokenizer())),
                        GenerationDefaults.NONE,
                        new Tiny.Known(List.copyOf(blueprint.parts().keySet()))),
                model,
                StoredType.F32);
        whole = Files.readAllBytes(model.resolve("model.safetensors"));
    }

    private void export(StoredModel stored, Path folder, StoredType type) throws IOException {
        new ModelExport(Tiny.CATALOG)
                .run(
                        stored,
                        folder,
                        new ExportOptions(type, 1 << 30),
                        Tiny.context(root),
                        notices::add);
    }

    /** Makes the fourth element of a tensor of the file another one. */
    private void put(String tensor, float value) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(bytes.getLong(0));
        String json = new String(whole, Long.BYTES, header, StandardCharsets.UTF_8);
        Matcher entry =
                Pattern.compile("\"" + Pattern.quote(tensor) + "\":\\{[^}]*offsets\":\\[(\\d+)")
                        .matcher(json);
        assertTrue(entry.find(), json);
        bytes.putFloat(Long.BYTES + header + Integer.parseInt(entry.group(1)) + 12, value);
        Files.write(model.resolve("model.safetensors"), bytes.array());
    }

    @FunctionalInterface
    private interface Verb {
        void run() throws IOException;
    }

    private Verb verb(String name) {
        return switch (name) {
            case "import" ->
                    () ->
                            new ModelImport(Tiny.TRAINED, Tiny.CONFIG_FILES)
                                    .run(
                                            model,
                                            Optional.empty(),
                                            Tiny.context(target),
                                            notices::add);
            case "float32", "bfloat16" ->
                    export(name.equals("float32") ? StoredType.F32 : StoredType.BF16);
            default -> quantize(WeightFormat.valueOf(name));
        };
    }

    private Verb export(StoredType type) {
        return () -> {
            try (StoredModel stored = find()) {
                export(stored, target, type);
            }
        };
    }

    private Verb quantize(WeightFormat format) {
        return () -> {
            try (StoredModel stored = find()) {
                new ModelQuantization(Tiny.CONFIG_FILES)
                        .run(stored, format, Tiny.context(target), _ -> {});
            }
        };
    }

    private StoredModel find() throws IOException {
        return Tiny.TRAINED.find(model, true, Tiny.context(root), notices::add);
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.toList();
        }
    }

    private void assertRefused(String verb, String weight, float value) throws IOException {
        String message = assertThrows(InvalidInput.class, verb(verb)::run, verb).getMessage();
        String found = "weight '" + weight + "' holds ";
        assertTrue(
                message.equals(found + value + ", expected a finite number")
                        || message.equals(
                                found + "a value that is NaN or infinite: it can't be quantized"),
                verb + ": " + message);
        assertEquals(List.of(model), entries(), verb);
    }

    @Test
    void noVerbPassesAWeightOnThatIsNoNumber() throws IOException {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            for (Map.Entry<String, String> weight : FILE_TO_MODEL.entrySet()) {
                put(weight.getKey(), value);
                for (String verb : VERBS) {
                    assertRefused(verb, weight.getValue(), value);
                }
            }
        }
    }

    /** The same files without the bad element: what is refused above is refused for it. */
    @Test
    void everyVerbTakesALargeNumber() throws IOException {
        put("body.wte.weight", 1e30f);
        for (String verb : VERBS) {
            verb(verb).run();
            assertTrue(Files.isDirectory(target), verb);
            Files.move(target, root.resolve(verb));
        }
    }

    @Test
    void aQuantizedModelThatItsCheckRefusesLeavesNoFolder() throws IOException {
        Path[] checked = new Path[1];
        try (StoredModel stored = find()) {
            InvalidInput refused =
                    assertThrows(
                            InvalidInput.class,
                            () ->
                                    new ModelQuantization(Tiny.CONFIG_FILES)
                                            .run(
                                                    stored,
                                                    WeightFormat.INT8,
                                                    Tiny.context(target),
                                                    made -> {
                                                        checked[0] = made;
                                                        Tiny.TRAINED
                                                                .find(
                                                                        made,
                                                                        true,
                                                                        Tiny.context(root),
                                                                        notices::add)
                                                                .close();
                                                        throw new InvalidInput("no number");
                                                    }));
            assertEquals("no number", refused.getMessage());
        }
        assertFalse(Files.exists(checked[0]));
        assertEquals(List.of(model), entries());
    }
}
