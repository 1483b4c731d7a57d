package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever bytes are in a file, it is refused in a message that names it, or all of it can be read.
 * In a build, only the committed seeds are tried, which src/test/python/make_fixtures.py makes; to
 * search for other inputs, guided by coverage, one of the methods at a time:
 *
 * <pre>{@code
 * JAZZER_FUZZ=1 mvn -pl platform/storage test -Dtest=SafetensorsFuzzTest#everyTensorCanBeRead*
 * }</pre>
 */
class SafetensorsFuzzTest {
    @TempDir static Path folder;

    @FuzzTest(maxDuration = "1m")
    void everyTensorCanBeRead(byte[] bytes) throws IOException {
        Path file = folder.resolve("x.safetensors");
        Files.write(file, bytes);
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            long sum = 0;
            for (String name : opened.names()) {
                sum += read(opened, name);
            }
            assertEquals(
                    opened.tensors().values().stream().mapToLong(StoredTensor::bytes).sum(), sum);
        } catch (InvalidInput e) {
            assertNames(file, e);
        }
    }

    private static long read(SafetensorsFile file, String name) {
        MemorySegment data = file.tensor(name);
        for (long i = 0; i < data.byteSize(); i++) {
            data.get(ValueLayout.JAVA_BYTE, i);
        }
        if (file.describe(name).type().readable()) {
            assertEquals(4 * file.describe(name).size(), file.floats(name).byteSize());
        }
        return data.byteSize();
    }

    @FuzzTest(maxDuration = "1m")
    void anIndexListsFilesOfItsFolderOnly(byte[] bytes) throws IOException {
        Path index = folder.resolve(TensorFiles.INDEX);
        Files.deleteIfExists(folder.resolve(TensorFiles.SINGLE));
        Files.write(index, bytes);
        try (TensorFiles files = TensorFiles.open(folder)) {
            files.tensors()
                    .values()
                    .forEach(shard -> assertEquals(folder, shard.path().getParent()));
        } catch (InvalidInput e) {
            assertNames(folder, e);
        }
    }

    @FuzzTest(maxDuration = "1m")
    void aConfigIsAnObjectOrRefused(byte[] bytes) throws IOException {
        Path config = folder.resolve(HuggingFaceFolder.CONFIG);
        Files.write(config, bytes);
        try {
            assertFalse(HuggingFaceFolder.config(folder).containsValue(null));
        } catch (InvalidInput e) {
            assertNames(config, e);
        }
    }

    private static void assertNames(Path file, InvalidInput problem) {
        assertEquals(file.toString(), problem.getMessage().substring(0, file.toString().length()));
    }
}
