package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.backend.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
