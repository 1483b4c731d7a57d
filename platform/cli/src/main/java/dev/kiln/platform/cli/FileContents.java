package dev.kiln.platform.cli;

import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.platform.storage.StoredTensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a safetensors file says of itself.
 *
 * @param fileBytes its length
 * @param tensors in the header's order
 */
record FileContents(
        Path path, long fileBytes, Map<String, String> metadata, List<StoredTensor> tensors) {

    /**
     * Reads the header of a file and closes it.
     *
     * @throws dev.kiln.spi.InvalidInput when it is no whole safetensors file
     */
    static FileContents of(Path path) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return new FileContents(
                    path, Files.size(path), file.metadata(), List.copyOf(file.tensors().values()));
        }
    }

    /** Elements of all tensors. */
    long elements() {
        return tensors.stream().mapToLong(StoredTensor::size).sum();
    }

    Map<String, Object> json() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("file", path);
        object.put("bytes", fileBytes);
        object.put("elements", elements());
        object.put("metadata", metadata);
        Map<String, Object> entries = new LinkedHashMap<>();
        tensors.forEach(tensor -> entries.put(tensor.name(), json(tensor)));
        object.put("tensors", entries);
        return object;
    }

    private static Map<String, Object> json(StoredTensor tensor) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("dtype", tensor.type());
        entry.put("shape", tensor.shape());
        entry.put("elements", tensor.size());
        entry.put("bytes", tensor.bytes());
        entry.put("data_offsets", List.of(tensor.begin(), tensor.end()));
        return entry;
    }

    void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s: %,d tensors, %,d elements, %,d bytes%n",
                path,
                tensors.size(),
                elements(),
                fileBytes);
        metadata.forEach(
                (key, value) -> out.printf(Locale.ROOT, "  metadata %s: %s%n", key, value));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("tensor", "dtype", "shape", "bytes", "offset"));
        tensors.forEach(
                tensor ->
                        rows.add(
                                List.of(
                                        tensor.name(),
                                        tensor.type().name(),
                                        tensor.shape().toString(),
                                        number(tensor.bytes()),
                                        number(tensor.begin()))));
        Table.print(out, rows, 3);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
