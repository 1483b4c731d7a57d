package dev.kiln.distribution.fidelity;

import dev.kiln.platform.storage.SafetensorsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A tiny checkpoint and what PyTorch computes with it, as {@code src/fidelity/generate.py} writes
 * them; its README says what each number is.
 *
 * @param model a Hugging Face folder, or weights with a {@code recipe.yaml}
 * @param expected the numbers
 */
record Fixture(String name, Path model, SafetensorsFile expected) implements AutoCloseable {

    static Fixture open(Path folder) {
        return new Fixture(
                folder.getFileName().toString(),
                folder.resolve("model"),
                SafetensorsFile.open(folder.resolve("expected.safetensors")));
    }

    /** The folders of all fixtures in a folder. */
    static List<Path> in(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean has(String name) {
        return expected.tensors().containsKey(name);
    }

    /** How many sequences the batch has. */
    int sequences() {
        return Math.toIntExact(expected.describe("ids").shape().getFirst());
    }

    float[] floats(String name) {
        return expected.floats(name).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    int[] ints(String name) {
        MemorySegment stored = expected.tensor(name);
        return stored.toArray(ValueLayout.JAVA_INT_UNALIGNED);
    }

    /** Names of the tensors that begin so. */
    List<String> names(String prefix) {
        return expected.names().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    /** A number that the recording was made with, such as {@code learningRate}. */
    double setting(String name) {
        return Double.parseDouble(expected.metadata().get(name));
    }

    @Override
    public void close() {
        expected.close();
    }
}
