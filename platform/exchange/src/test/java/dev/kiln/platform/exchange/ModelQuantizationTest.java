package dev.kiln.platform.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.exchange.ModelQuantization.Line;
import dev.kiln.platform.inference.inspection.ForwardPass;
import dev.kiln.platform.models.GenerationDefaults;
import dev.kiln.platform.models.OpenModel;
import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.StoredModel.SavedTokenizer;
import dev.kiln.platform.models.StoredTokenizer;
import dev.kiln.platform.storage.StoredType;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Capabilities;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.WeightFormat;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.TinyHead;
import dev.kiln.toolkit.Blueprint;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tiny model of known weights, width 8, whose token table is its output projection too. */
class ModelQuantizationTest {
    private static final int VOCABULARY = 260;

    @TempDir private Path root;
    private final List<String> notices = new ArrayList<>();
    private Path original;
    private Path target;

    @BeforeEach
    void export() throws IOException {
        original = root.resolve("original");
        target = root.resolve("quantized");
        export(original, StoredType.F32);
    }

    private void export(Path folder, StoredType type) throws IOException {
        Blueprint blueprint = Blueprint.of(Tiny.family().create(Tiny.context(root)), VOCABULARY);
        StoredModel stored =
                new StoredModel(
                        root,
                        Tiny.family(),
                        new FixedChoice<>("language-model", new TinyHead()),
                        VOCABULARY,
                        StoredTokenizer.of(new SavedTokenizer("bytes", new ByteTokenizer())),
                        GenerationDefaults.NONE,
                        new Tiny.Known(List.copyOf(blueprint.parts().keySet())));
        new ModelExport(Tiny.CATALOG)
                .run(
                        stored,
                        folder,
                        new ExportOptions(type, 1 << 30),
                        Tiny.context(root),
                        notices::add);
    }

    private StoredModel find(Path folder) throws IOException {
        return Tiny.TRAINED.find(folder, true, Tiny.context(root), notices::add);
    }

    private List<Line> quantize(Path from, WeightFormat format, Path to) throws IOException {
        try (StoredModel stored = find(from)) {
            return new ModelQuantization(Tiny.CONFIG_FILES)
                    .run(stored, format, Tiny.context(to), _ -> {});
        }
    }

    @Test
    void whatAProductTakesGetsTheFormatAndWhatIsLookedUpIsHalved() throws IOException {
        Map<String, WeightFormat> formats =
                quantize(original, WeightFormat.INT4, target).stream()
                        .filter(line -> !line.weight().startsWith("h.1"))
                        .collect(
                                Collectors.toMap(
                                        Line::weight, Line::format, (a, _) -> a, TreeMap::new));
        Map<String, WeightFormat> expected = new TreeMap<>();
        for (String part : List.of("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj")) {
            expected.put("h.0." + part + ".weight", WeightFormat.INT4);
            expected.put("h.0." + part + ".bias", WeightFormat.FLOAT32);
        }
        for (String norm : List.of("h.0.ln_1", "h.0.ln_2", "ln_f")) {
            expected.put(norm + ".weight", WeightFormat.FLOAT32);
            expected.put(norm + ".bias", WeightFormat.FLOAT32);
        }
        expected.put("wte.weight", WeightFormat.INT4);
        expected.put("wpe.weight", WeightFormat.BFLOAT16);
        assertEquals(expected, formats);
    }

    @Test
    void aLineCountsBytesBeforeAndAfter() throws IOException {
        Line table =
                quantize(original, WeightFormat.INT8, target).stream()
                        .filter(line -> line.weight().equals("wte.weight"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(VOCABULARY * 8, table.elements());
        assertEquals(VOCABULARY * 8 * 4, table.before());
        assertEquals(VOCABULARY * (8 + 4), table.after()); // a row's block has 8 elements
        // Rounding errors are even in ±scale/2, scale = max/127: at most 1/(2·127) of the largest.
        assertTrue(table.deviation().relative() > 0);
        assertTrue(table.deviation().relative() < Math.sqrt(8) / 254);
    }

    @Test
    void frozenOrWidenedTheModelComputesTheSame() throws IOException {
        for (WeightFormat format :
                List.of(WeightFormat.INT8, WeightFormat.INT4, WeightFormat.BFLOAT16)) {
            Path made = root.resolve(format.name());
            quantize(original, format, made);
            assertSame(made);
            assertFalse(
                    Arrays.equals(
                            logits(original, new ReferenceBackend()),
                            logits(made, new ReferenceBackend())));
        }
        Path halves = root.resolve("halves");
        export(halves, StoredType.BF16);
        assertSame(halves);
        assertSame(original);
    }

    private void assertSame(Path folder) throws IOException {
        float[] widened = logits(folder, withoutFormats(new ReferenceBackend()));
        assertArrayEquals(widened, logits(folder, new ReferenceBackend()), 1e-4f);
    }

    private float[] logits(Path folder, Backend backend) throws IOException {
        try (backend;
                OpenModel model =
                        Tiny.TRAINED.open(
                                folder,
                                true,
                                Tiny.context(root),
                                backend,
                                Precision.FLOAT32,
                                notices::add);
                ForwardPass pass = ForwardPass.of(model.language(), new int[] {72, 105, 33, 256})) {
            return pass.logits();
        }
    }

    /** As a backend that keeps weights in float32 alone; freezing one fails. */
    private static Backend withoutFormats(Backend backend) {
        return (Backend)
                Proxy.newProxyInstance(
                        Backend.class.getClassLoader(),
                        new Class<?>[] {Backend.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("capabilities")) {
                                Capabilities own = backend.capabilities();
                                return new Capabilities(
                                        own.types(), Set.of(), own.device(), own.threads());
                            }
                            assertFalse(method.getName().equals("frozen"));
                            try {
                                return method.invoke(backend, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    @Test
    void whatIsQuantizedIsNotQuantizedAgain() throws IOException {
        quantize(original, WeightFormat.INT8, target);
        assertEquals(
                target
                        + ": is quantized already: weight 'wte.weight' is int8; quantize the"
                        + " original",
                assertThrows(
                                InvalidInput.class,
                                () -> quantize(target, WeightFormat.INT4, root.resolve("again")))
                        .getMessage());
        assertFalse(Files.exists(root.resolve("again")));
    }

    @Test
    void anExportWidensAndSaysSo() throws IOException {
        quantize(original, WeightFormat.INT8, target);
        Path exported = root.resolve("exported");
        try (StoredModel stored = find(target)) {
            new ModelExport(Tiny.CATALOG)
                    .run(
                            stored,
                            exported,
                            new ExportOptions(StoredType.F32, 1 << 30),
                            Tiny.context(root),
                            notices::add);
        }
        assertEquals(
                List.of("the model is quantized to int8: its values are written as float32"),
                notices);
        assertArrayEquals(
                logits(target, withoutFormats(new ReferenceBackend())),
                logits(exported, withoutFormats(new ReferenceBackend())));
    }

    @Test
    void aMatrixOfAnotherShapeIsNamed() throws IOException {
        quantize(original, WeightFormat.INT4, target);
        Path config = target.resolve("config.yaml");
        Files.writeString(config, Files.readString(config).replace("context: 6", "context: 7"));
        assertEquals(
                target.resolve("checkpoints/step-00000000/model.safetensors")
                        + ": tensor 'wpe.weight' has shape [6, 8], expected [7, 8]",
                assertThrows(InvalidInput.class, () -> logits(target, new ReferenceBackend()))
                        .getMessage());
    }
}
