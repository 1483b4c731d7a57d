package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fixture's codes are numpy's: see src/test/python/make_quantized_fixture.py. */
class QuantizedTensorsTest {
    private static final Shape LINEAR = Shape.of(67, 5);
    private static final Shape TABLE = Shape.of(6, 37);

    @TempDir private Path folder;
    private StoredWeights fixture;
    private SafetensorsFile numpy;
    private Path file;

    @BeforeEach
    void open() throws URISyntaxException {
        Path path = Path.of(getClass().getResource("/quantized.safetensors").toURI());
        fixture = StoredWeights.open(path);
        numpy = SafetensorsFile.open(path);
        file = folder.resolve("model.safetensors");
    }

    @AfterEach
    void close() {
        fixture.close();
        numpy.close();
    }

    private QuantizedTensors quantize(WeightFormat format) throws IOException {
        try (QuantizedTensors tensors = new QuantizedTensors(fixture)) {
            tensors.add("linear", LINEAR, false, format);
            tensors.add("table", TABLE, true, format);
            tensors.content().save(file);
            return tensors;
        }
    }

    @Test
    void elementsAndScalesAreNumpys() throws IOException {
        for (WeightFormat format : List.of(WeightFormat.INT8, WeightFormat.INT4)) {
            quantize(format);
            String word = StoredWeights.word(format);
            try (SafetensorsFile written = SafetensorsFile.open(file)) {
                assertEquals(
                        Map.of("format", "pt", "quantization", word, "tables", "table"),
                        written.metadata());
                for (String name : written.names()) {
                    StoredTensor expected = numpy.describe(word + "." + name);
                    assertEquals(expected.type(), written.describe(name).type());
                    assertEquals(expected.shape(), written.describe(name).shape());
                    assertArrayEquals(
                            bytes(numpy.tensor(word + "." + name)), bytes(written.tensor(name)));
                }
            }
        }
    }

    private static byte[] bytes(MemorySegment segment) {
        return segment.toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void valuesAreScaleTimesCodeAndTheDeviationIsTheirs() throws IOException {
        for (WeightFormat format : List.of(WeightFormat.INT8, WeightFormat.INT4)) {
            QuantizedTensors tensors = quantize(format);
            try (StoredWeights read = StoredWeights.open(file)) {
                assertEquals(List.of("linear", "table"), read.names());
                assertEquals(format, read.format("linear"));
                for (boolean table : new boolean[] {false, true}) {
                    String name = table ? "table" : "linear";
                    float[] expected = decoded(format, table);
                    float[] values = floats(read, name, table ? TABLE : LINEAR);
                    assertArrayEquals(expected, values, name);
                    double error = 0;
                    double squares = 0;
                    float[] originals = floats(fixture, name, table ? TABLE : LINEAR);
                    for (int i = 0; i < values.length; i++) {
                        error += Math.pow((double) expected[i] - originals[i], 2);
                        squares += Math.pow(originals[i], 2);
                    }
                    assertEquals(
                            Math.sqrt(error / squares), tensors.deviation(name).relative(), 1e-12);
                }
            }
        }
    }

    /** From the fixture, one element at a time, as FrozenWeight says where it lies. */
    private float[] decoded(WeightFormat format, boolean table) {
        String name = StoredWeights.word(format) + (table ? ".table" : ".linear");
        byte[] codes = bytes(numpy.tensor(name));
        float[] scales = numpy.tensor(name + ".scales").toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        Shape shape = table ? TABLE : LINEAR;
        int columns = shape.columns();
        int stored = numpy.describe(name).shape().getLast().intValue();
        float[] values = new float[(int) shape.size()];
        for (int r = 0; r < shape.rows(); r++) {
            for (int c = 0; c < columns; c++) {
                int along = table ? c : r;
                int q;
                if (format == WeightFormat.INT8) {
                    q = codes[r * columns + c];
                } else {
                    byte pair = table ? codes[r * stored + c / 2] : codes[r / 2 * stored + c];
                    q = (along % 2 == 0 ? pair & 0xf : (pair & 0xf0) >> 4) - 8;
                }
                int scale = table ? r * 2 + c / 32 : r / 32 * columns + c;
                values[r * columns + c] = scales[scale] * q;
            }
        }
        return values;
    }

    private static float[] floats(WeightSource source, String name, Shape shape) {
        return source.floats(name, shape).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    @Test
    void whatABackendGetsIsMappedOrRounded() throws IOException {
        quantize(WeightFormat.INT4);
        try (StoredWeights read = StoredWeights.open(file);
                Arena arena = Arena.ofConfined()) {
            FrozenWeight kept = read.frozen("table", TABLE, true, WeightFormat.INT4, arena);
            assertArrayEquals(bytes(numpy.tensor("int4.table")), bytes(kept.elements()));
            assertArrayEquals(bytes(numpy.tensor("int4.table.scales")), bytes(kept.scales()));
            FrozenWeight rounded = read.frozen("table", TABLE, true, WeightFormat.BFLOAT16, arena);
            short[] halves = rounded.elements().toArray(ValueLayout.JAVA_SHORT_UNALIGNED);
            float[] values = floats(read, "table", TABLE);
            for (int i = 0; i < halves.length; i++) {
                // A bfloat16 has 8 significant bits.
                float half = Float.intBitsToFloat(halves[i] << 16);
                assertEquals(values[i], half, Math.abs(values[i]) / 256);
            }
            assertEquals(0, rounded.scales().byteSize());
            assertEquals(
                    file
                            + ": tensor 'table' does not have its blocks down columns, as this model"
                            + " takes it",
                    assertThrows(
                                    InvalidInput.class,
                                    () ->
                                            read.frozen(
                                                    "table",
                                                    TABLE,
                                                    false,
                                                    WeightFormat.INT4,
                                                    arena))
                            .getMessage());
        }
    }

    @Test
    void aValueThatIsNotFiniteIsRefused() {
        for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            float[] values = {1, 2, bad, 4};
            SafetensorsContent content =
                    SafetensorsContent.of(
                            List.of(
                                    TensorContent.of(
                                            "w",
                                            Shape.of(4, 1),
                                            () -> MemorySegment.ofArray(values))));
            assertEquals(
                    "weight 'w' holds a value that is NaN or infinite: it can't be quantized",
                    assertThrows(InvalidInput.class, () -> quantizeOne(content)).getMessage());
        }
    }

    private void quantizeOne(SafetensorsContent content) throws IOException {
        Path source = folder.resolve("source.safetensors");
        content.save(source);
        try (StoredWeights weights = StoredWeights.open(source);
                QuantizedTensors tensors = new QuantizedTensors(weights)) {
            tensors.add("w", Shape.of(4, 1), false, WeightFormat.INT4);
            tensors.content().save(file);
        }
    }

    @Test
    void scalesThatDoNotBelongToTheirElementsAreRefused() throws IOException {
        TensorContent elements = content("w", StoredType.I8, 64, 3);
        TensorContent scales = content("w.scales", StoredType.F32, 2, 3);
        assertRefused("tensor 'w' is I8, but there is no 'w.scales' with it", elements);
        assertRefused("has a tensor 'w.scales', but no I8 or U8 tensor 'w'", scales);
        assertRefused(
                "has a tensor 'w.scales', but no I8 or U8 tensor 'w'",
                content("w", StoredType.F32, 64, 3),
                scales);
        assertRefused(
                "tensor 'w.scales' has shape [3, 3], expected [2, 3]",
                elements,
                content("w.scales", StoredType.F32, 3, 3));
        assertRefused(
                "tensor 'w.scales' is BF16, expected F32",
                elements,
                content("w.scales", StoredType.BF16, 2, 3));
        assertRefused(
                "tensor 'w' is I8 of shape [64], expected a matrix",
                content("w", StoredType.I8, 64),
                scales);
        assertRefused("tensor 'w' has shape [64, 3], expected [65, 3]", 65, elements, scales);
    }

    private static TensorContent content(String name, StoredType type, long... shape) {
        List<Long> dimensions = new ArrayList<>();
        long bytes = type.bits() / 8;
        for (long dimension : shape) {
            dimensions.add(dimension);
            bytes *= dimension;
        }
        MemorySegment zeros = MemorySegment.ofArray(new byte[(int) bytes]);
        return new TensorContent(name, type, dimensions, List.of(zeros));
    }

    private void assertRefused(String problem, TensorContent... tensors) throws IOException {
        assertRefused(problem, 64, tensors);
    }

    private void assertRefused(String problem, int rows, TensorContent... tensors)
            throws IOException {
        new SafetensorsContent(Map.of("quantization", "int8"), List.of(tensors)).save(file);
        InvalidInput refusal =
                assertThrows(
                        InvalidInput.class,
                        () -> {
                            try (StoredWeights weights = StoredWeights.open(file)) {
                                weights.floats("w", Shape.of(rows, 3));
                            }
                        });
        assertEquals(file + ": " + problem, refusal.getMessage());
    }
}
