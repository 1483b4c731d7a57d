package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fixture is made by src/test/python/make_fixtures.py; the numbers are written there. */
class SafetensorsFileTest {
    @TempDir private Path folder;
    private SafetensorsFile file;

    @BeforeEach
    void open() throws Exception {
        Path fixture = Path.of(getClass().getResource("/small.safetensors").toURI());
        file = SafetensorsFile.open(fixture);
    }

    @AfterEach
    void close() {
        file.close();
    }

    @Test
    void readsWhatPythonWroteAsFloat32() {
        assertArrayEquals(new float[] {-0.5f, -0.25f, 0, 0.25f, 0.5f, 0.75f}, floats("h.0.weight"));
        assertArrayEquals(new float[] {0.125f}, floats("scalar"));
    }

    @Test
    void aFileThatIsCutWhileItIsMappedIsNamedWhenItIsClosed() throws IOException {
        Path copy = Files.copy(file.path(), folder.resolve("a.safetensors"));
        SafetensorsFile open = SafetensorsFile.open(copy);
        long size = Files.size(copy);
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.truncate(100);
        }
        assertEquals(
                copy + ": was cut from " + size + " to 100 bytes while it was read",
                assertThrows(InvalidInput.class, open::close).getMessage());
        open.close();
    }

    @Test
    void aFileThatIsReplacedOrDeletedWhileItIsMappedIsStillWhatItWas() throws IOException {
        Path copy = Files.copy(file.path(), folder.resolve("a.safetensors"));
        SafetensorsFile open = SafetensorsFile.open(copy);
        AtomicFile.write(copy, "short");
        assertEquals(0.125f, open.floats("scalar").get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0));
        open.close();
        Files.copy(file.path(), copy, StandardCopyOption.REPLACE_EXISTING);
        SafetensorsFile again = SafetensorsFile.open(copy);
        Files.delete(copy);
        assertEquals(0.125f, again.floats("scalar").get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0));
        again.close();
    }

    @Test
    void widensFloat16Exactly() {
        // -0.1 and 6e-8 rounded to float16: -0x666p-14 and the smallest subnormal, 2^-24.
        assertArrayEquals(new float[] {1, -0x666p-14f, 65504, 0x1p-24f}, floats("half"));
    }

    @Test
    void widensBfloat16Exactly() {
        // 3e38 is 0x7f61b1e6 as float32, rounded to 0x7f62.
        assertArrayEquals(
                new float[] {1, -2.5f, Float.intBitsToFloat(0x7f620000), 0}, floats("brain"));
    }

    @Test
    void givesIntegersAsTheyAreStored() {
        assertArrayEquals(
                new int[] {7, -8, 50256},
                file.tensor("ids").toArray(ValueLayout.JAVA_INT_UNALIGNED));
        assertEquals(1L << 40, file.tensor("long").get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
    }

    @Test
    void describesItsTensorsAndMetadata() {
        assertEquals(Map.of("format", "pt", "note", "größe"), file.metadata());
        assertEquals(
                Set.of("h.0.weight", "half", "brain", "ids", "long", "scalar"),
                Set.copyOf(file.names()));
        assertEquals(List.of(2L, 3L), file.describe("h.0.weight").shape());
        assertEquals(StoredType.BF16, file.describe("brain").type());
        assertEquals(1, file.describe("scalar").size());
    }

    @Test
    void readsWhatIsRareAsPythonWroteIt() throws Exception {
        file.close();
        file = SafetensorsFile.open(Path.of(getClass().getResource("/odd.safetensors").toURI()));
        assertArrayEquals(new float[] {1.5f}, floats(""));
        assertArrayEquals(new float[] {2.5f}, floats("名前 \"q\" \\ \n\t🔥"));
        assertEquals(List.of(0L, 3L), file.describe("empty").shape());
        assertArrayEquals(new float[0], floats("empty"));
        assertArrayEquals(new float[] {-0.375f}, floats("scalar half"));
        float infinity = Float.POSITIVE_INFINITY;
        assertArrayEquals(
                new float[] {infinity, -infinity, Float.NaN, -0f, Float.MIN_VALUE},
                floats("special"));
        // 5.96e-8 rounded to float16 is its smallest subnormal, 2^-24.
        assertArrayEquals(new float[] {infinity, Float.NaN, -0f, 0x1p-24f}, floats("special half"));
        // 1, 2 and 448 with 4 bits of exponent, biased by 7, and 3 of mantissa.
        assertArrayEquals(
                new byte[] {0x38, 0x40, 0x7e}, file.tensor("e4m3").toArray(ValueLayout.JAVA_BYTE));
        assertEquals(StoredType.C64, file.describe("complex").type());
        assertEquals(8, file.tensor("complex").byteSize());
        assertEquals(StoredType.BOOL, file.describe("flags").type());
        assertMessage("tensor 'e4m3' is F8_E4M3, expected F32, F64, F16 or BF16", "e4m3");
    }

    @Test
    void aMissingTensorIsNamedWithTheNearestOne() {
        assertMessage("has no tensor 'h.0.weigth'; nearest is 'h.0.weight'", "h.0.weigth");
        assertMessage("has no tensor 'lm_head'", "lm_head");
    }

    @Test
    void integersAreNotReadAsFloats() {
        assertMessage("tensor 'ids' is I32, expected F32, F64, F16 or BF16", "ids");
    }

    @Test
    void anUnexpectedShapeIsNamed() {
        InvalidInput problem =
                assertThrows(InvalidInput.class, () -> file.floats("h.0.weight", Shape.of(3, 2)));
        assertEquals(
                file.path() + ": tensor 'h.0.weight' has shape [2, 3], expected [3, 2]",
                problem.getMessage());
        assertEquals(24, file.floats("h.0.weight", Shape.of(2, 3)).byteSize());
    }

    @Test
    void segmentsEndWithTheFileAndClosingTwiceDoesNothing() {
        MemorySegment segment = file.tensor("ids");
        file.close();
        file.close();
        assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_BYTE, 0));
    }

    private void assertMessage(String expected, String tensor) {
        InvalidInput problem = assertThrows(InvalidInput.class, () -> file.floats(tensor));
        assertEquals(file.path() + ": " + expected, problem.getMessage());
    }

    private float[] floats(String name) {
        return file.floats(name).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
}
