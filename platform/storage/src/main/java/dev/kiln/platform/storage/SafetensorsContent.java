package dev.kiln.platform.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.kiln.spi.InvalidInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a safetensors file shall hold, written as a stream: one piece of one tensor at a time is in memory.
 *
 * @param metadata strings for {@code __metadata__}
 * @param tensors in the order in which they are written
 */
public record SafetensorsContent(Map<String, String> metadata, List<TensorContent> tensors) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Tensors begin at a multiple of this, so that a mapped float32 is aligned. */
    private static final int ALIGNMENT = 8;

    private static final int BUFFER_BYTES = 1 << 20;

    /**
     * @throws IllegalArgumentException when a name comes twice
     */
    public SafetensorsContent {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = List.copyOf(tensors);
        Set<String> names = new HashSet<>();
        for (TensorContent tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("two tensors are called " + tensor.name());
            }
        }
    }

    public static SafetensorsContent of(List<TensorContent> tensors) {
        return new SafetensorsContent(Map.of(), tensors);
    }

    /** Number of bytes of the file. */
    public long fileBytes() {
        return SafetensorsHeader.LENGTH_BYTES
                + header().length
                + tensors.stream().mapToLong(TensorContent::bytes).sum();
    }

    /**
     * Writes a file, whole or not at all; one that is there already is replaced.
     *
     * @throws InvalidInput when the path is or leads to a folder, its own folder is missing, or the
     *     disk is full; what was there before is kept
     */
    public void save(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new InvalidInput(file + ": there is no folder " + folder);
        }
        AtomicFile.write(file, this::writeTo, fileBytes(), Disk::create);
    }

    /**
     * Writes the file's bytes; the channel stays open.
     *
     * @throws IllegalStateException when a tensor's data is not as long as its shape says
     */
    public void writeTo(WritableByteChannel out) throws IOException {
        byte[] header = header();
        ByteBuffer start =
                ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + header.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .put(header)
                        .flip();
        Disk.drain(start, out);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        for (TensorContent tensor : tensors) {
            write(tensor, buffer, out);
        }
    }

    private static void write(TensorContent tensor, ByteBuffer buffer, WritableByteChannel out)
            throws IOException {
        long written = 0;
        for (MemorySegment piece : tensor.data()) {
            written += piece.byteSize();
            if (written <= tensor.bytes()) {
                write(piece, buffer, out);
            }
        }
        if (written != tensor.bytes()) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "tensor '%s' came with %d bytes, its shape %s has %d",
                            tensor.name(),
                            written,
                            tensor.shape(),
                            tensor.bytes()));
        }
    }

    private static void write(MemorySegment data, ByteBuffer buffer, WritableByteChannel out)
            throws IOException {
        MemorySegment window = MemorySegment.ofBuffer(buffer.clear());
        for (long at = 0; at < data.byteSize(); at += BUFFER_BYTES) {
            int count = (int) Math.min(BUFFER_BYTES, data.byteSize() - at);
            MemorySegment.copy(data, at, window, 0, count);
            Disk.drain(buffer.clear().limit(count), out);
        }
    }

    private byte[] header() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            writeMetadata(json);
            long begin = 0;
            for (TensorContent tensor : tensors) {
                writeEntry(json, tensor, begin);
                begin = Math.addExact(begin, tensor.bytes());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        while (bytes.size() % ALIGNMENT != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }

    private void writeMetadata(JsonGenerator json) throws IOException {
        if (metadata.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart(SafetensorsHeader.METADATA);
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }

    private static void writeEntry(JsonGenerator json, TensorContent tensor, long begin)
            throws IOException {
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", tensor.type().name());
        writeNumbers(json, "shape", tensor.shape());
        writeNumbers(json, "data_offsets", List.of(begin, begin + tensor.bytes()));
        json.writeEndObject();
    }

    private static void writeNumbers(JsonGenerator json, String field, List<Long> numbers)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (long number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }
}
