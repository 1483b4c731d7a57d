package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsContentTest {
    @TempDir private Path folder;

    @Test
    void whatIsWrittenIsReadBackBitForBit() throws IOException {
        float[] values = {0, -0.0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, 1 / 3f};
        Path file =
                write(
                        new SafetensorsContent(
                                Map.of("format", "pt", "note", "\"größe\"\n"),
                                List.of(
                                        tensor("a", Shape.of(2, 3), values),
                                        new TensorContent(
                                                "s", List.of(), () -> segment(new float[] {2})),
                                        new TensorContent(
                                                "none",
                                                List.of(0L),
                                                () -> segment(new float[0])))));
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertEquals(Map.of("format", "pt", "note", "\"größe\"\n"), read.metadata());
            assertEquals(List.of("a", "s", "none"), read.names());
            assertArrayEquals(values, floats(read, "a"));
            assertArrayEquals(new float[] {2}, floats(read, "s"));
            assertEquals(0, read.tensor("none").byteSize());
        }
    }

    @Test
    void tensorsAreAskedOneAtATimeSoOneBufferServesAll() throws IOException {
        int size = 700_000; // more than the writer's own buffer
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(ValueLayout.JAVA_FLOAT, size);
            List<TensorContent> tensors = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                float value = i;
                tensors.add(TensorContent.of("t" + i, Shape.of(size), () -> filled(buffer, value)));
            }
            Path file = write(SafetensorsContent.of(tensors));
            try (SafetensorsFile read = SafetensorsFile.open(file)) {
                for (int i = 0; i < 3; i++) {
                    float[] values = floats(read, "t" + i);
                    assertEquals(i, values[0]);
                    assertEquals(i, values[size - 1]);
                }
            }
        }
    }

    @Test
    void aTensorMayComeInPiecesAndOfAnyType() throws IOException {
        MemorySegment ids = MemorySegment.ofArray(new long[] {15496, 1L << 40});
        float[] buffer = new float[2];
        List<MemorySegment> rows = List.of(segment(buffer), segment(buffer), segment(buffer));
        TensorContent pieces =
                TensorContent.inPieces(
                        "rows",
                        Shape.of(3, 2),
                        () -> rows.stream().peek(row -> buffer[1] = ++buffer[0] * 10).iterator());
        TensorContent numbers = new TensorContent("ids", StoredType.I64, List.of(2L), List.of(ids));
        Path file = folder.resolve("pieces.safetensors");
        SafetensorsContent.of(List.of(numbers, pieces)).save(file);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertEquals(StoredType.I64, read.describe("ids").type());
            assertArrayEquals(
                    new long[] {15496, 1L << 40},
                    read.tensor("ids").toArray(ValueLayout.JAVA_LONG_UNALIGNED));
            assertArrayEquals(new float[] {1, 10, 2, 20, 3, 30}, floats(read, "rows"));
        }
    }

    @Test
    void savingReplacesAFileAndRefusesAFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("x.safetensors"), "old");
        SafetensorsContent content =
                SafetensorsContent.of(List.of(tensor("x", Shape.of(1), new float[] {1})));
        content.save(file);
        assertEquals(content.fileBytes(), Files.size(file));
        String isFolder = assertThrows(InvalidInput.class, () -> content.save(folder)).getMessage();
        assertEquals(folder + ": is a folder, expected a file to write", isFolder);
        Path root = folder.getRoot();
        assertEquals(
                root + ": is a folder, expected a file to write",
                assertThrows(InvalidInput.class, () -> content.save(root)).getMessage());
        Path lost = folder.resolve("missing/x.safetensors");
        String noFolder = assertThrows(InvalidInput.class, () -> content.save(lost)).getMessage();
        assertEquals(lost + ": there is no folder " + lost.getParent(), noFolder);
    }

    @Test
    void whatFailsInTheMiddleLeavesTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("x.safetensors"), "old");
        SafetensorsContent content =
                SafetensorsContent.of(List.of(tensor("x", Shape.of(3), new float[2])));
        assertThrows(IllegalStateException.class, () -> content.save(file));
        assertEquals("old", Files.readString(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void theSizeOfTheFileIsKnownBeforehandAndDataIsAligned() throws IOException {
        SafetensorsContent content =
                SafetensorsContent.of(List.of(tensor("x", Shape.of(3), new float[3])));
        assertEquals(Files.size(write(content)), content.fileBytes());
        assertEquals(0, (content.fileBytes() - 12) % 8);
    }

    @Test
    void dataOfAnotherSizeThanTheShapeSaysIsRefused() {
        SafetensorsContent content =
                SafetensorsContent.of(List.of(tensor("x", Shape.of(3), new float[2])));
        IllegalStateException problem =
                assertThrows(IllegalStateException.class, () -> write(content));
        assertEquals("tensor 'x' came with 8 bytes, its shape [3] has 12", problem.getMessage());
    }

    @Test
    void aNameCanBeUsedOnce() {
        TensorContent tensor = tensor("x", Shape.of(1), new float[1]);
        assertThrows(
                IllegalArgumentException.class,
                () -> SafetensorsContent.of(List.of(tensor, tensor)));
        assertThrows(
                IllegalArgumentException.class,
                () -> tensor("__metadata__", Shape.of(1), new float[1]));
    }

    @Test
    void whatIsWrittenIsTheFileThatPythonReads() throws IOException, URISyntaxException {
        float[] values = {0, -0.0f, 1 / 3f, 65504, Float.MIN_VALUE, -1};
        SafetensorsContent content =
                new SafetensorsContent(
                        new TreeMap<>(Map.of("format", "pt", "note", "größe\n")),
                        List.of(
                                tensor("single", Shape.of(2, 3), values),
                                narrow("half", StoredType.F16, values),
                                narrow("brain 窯", StoredType.BF16, values),
                                new TensorContent(
                                        "scalar", List.of(), () -> segment(new float[] {2})),
                                new TensorContent(
                                        "none", List.of(0L, 3L), () -> segment(new float[0]))));
        Path checked = Path.of(getClass().getResource("/written.safetensors").toURI());
        // src/test/python/make_fixtures.py checks what either file holds.
        Path written = Path.of("target/written.safetensors");
        content.save(written);
        assertArrayEquals(Files.readAllBytes(checked), Files.readAllBytes(written));
    }

    private static TensorContent narrow(String name, StoredType type, float[] values) {
        MemorySegment bits = MemorySegment.ofArray(new byte[2 * values.length]);
        Floats.write(type, values, bits, values.length);
        return new TensorContent(name, type, List.of((long) values.length), List.of(bits));
    }

    private Path write(SafetensorsContent content) throws IOException {
        Path file = folder.resolve("written.safetensors");
        try (FileChannel out = (FileChannel) Disk.create(file)) {
            content.writeTo(out);
        }
        return file;
    }

    private static MemorySegment filled(MemorySegment buffer, float value) {
        for (long i = 0; i < buffer.byteSize() / Float.BYTES; i++) {
            buffer.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        }
        return buffer;
    }

    private static TensorContent tensor(String name, Shape shape, float[] values) {
        return TensorContent.of(name, shape, () -> segment(values));
    }

    private static MemorySegment segment(float[] values) {
        return MemorySegment.ofArray(values);
    }

    private static float[] floats(SafetensorsFile file, String name) {
        return file.floats(name).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
}
