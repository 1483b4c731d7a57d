package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Spelling;
import dev.kiln.spi.backend.Shape;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A safetensors file, memory-mapped: opening reads its header only. Everything that the header says
 * is checked against the file before anything is handed out. Thread-safe; segments are valid until
 * the file is closed.
 *
 * <p>The format: 8 bytes with the length of the header (little-endian), the header (UTF-8 JSON),
 * then the tensors' elements (little-endian, row-major), back to back. Kiln runs on little-endian
 * machines only, so elements are in native order.
 */
public final class SafetensorsFile implements AutoCloseable {
    private static final ValueLayout.OfLong LENGTH =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final MappedFile mapped;
    private final MemorySegment data;
    private final SafetensorsHeader header;

    private SafetensorsFile(
            Path path, MappedFile mapped, MemorySegment data, SafetensorsHeader header) {
        this.path = path;
        this.mapped = mapped;
        this.data = data;
        this.header = header;
    }

    /**
     * Maps a file.
     *
     * @throws InvalidInput when it is missing or in any way not a whole, valid safetensors file;
     *     names the file and the tensor
     * @throws UncheckedIOException when it can't be read
     */
    public static SafetensorsFile open(Path path) {
        if (Files.isDirectory(path)) {
            throw new InvalidInput(path + ": is a folder, expected a safetensors file");
        }
        MappedFile mapped = MappedFile.open(path);
        try {
            return parse(path, mapped);
        } catch (RuntimeException e) {
            mapped.close();
            throw e;
        }
    }

    private static SafetensorsFile parse(Path path, MappedFile mapped) {
        MemorySegment file = mapped.bytes();
        long headerEnd = headerEnd(path, file);
        String text = utf8(path, file.asSlice(0, headerEnd));
        SafetensorsHeader header = SafetensorsParser.parse(path, text);
        MemorySegment data = file.asSlice(headerEnd);
        checkLayout(path, header, data.byteSize());
        return new SafetensorsFile(path, mapped, data, header);
    }

    private static long headerEnd(Path path, MemorySegment file) {
        if (file.byteSize() < SafetensorsHeader.LENGTH_BYTES) {
            throw new InvalidInput(
                    path + ": has " + file.byteSize() + " bytes, too few for a safetensors file");
        }
        long length = file.get(LENGTH, 0);
        if (length < 0 || length > SafetensorsHeader.MAX_BYTES) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: says that its header has %s bytes, more than the %d that are"
                                    + " allowed; is it a safetensors file?",
                            path,
                            Long.toUnsignedString(length),
                            SafetensorsHeader.MAX_BYTES));
        }
        if (length > file.byteSize() - SafetensorsHeader.LENGTH_BYTES) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: is cut off: its header should have %d bytes, %d are there",
                            path,
                            length,
                            file.byteSize() - SafetensorsHeader.LENGTH_BYTES));
        }
        return SafetensorsHeader.LENGTH_BYTES + length;
    }

    private static String utf8(Path path, MemorySegment lengthAndHeader) {
        ByteBuffer bytes = lengthAndHeader.asSlice(SafetensorsHeader.LENGTH_BYTES).asByteBuffer();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidInput(path + ": the header is not UTF-8", e);
        }
    }

    /** Tensors must fill the data from its first byte to its last, with no hole and no overlap. */
    private static void checkLayout(Path path, SafetensorsHeader header, long size) {
        StoredTensor[] order = header.tensors().values().toArray(StoredTensor[]::new);
        Arrays.sort(
                order,
                Comparator.comparingLong(StoredTensor::begin).thenComparing(StoredTensor::end));
        long end = 0;
        for (StoredTensor tensor : order) {
            if (tensor.begin() != end) {
                String problem = tensor.begin() < end ? "overlaps another" : "leaves a hole";
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s: tensor '%s' %s: it begins at byte %d, expected %d",
                                path,
                                tensor.name(),
                                problem,
                                tensor.begin(),
                                end));
            }
            end = tensor.end();
            if (end > size) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s: is cut off: tensor '%s' ends at byte %d of the data, %d are there",
                                path,
                                tensor.name(),
                                end,
                                size));
            }
        }
        if (end != size) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: has %d bytes behind its last tensor",
                            path,
                            size - end));
        }
    }

    public Path path() {
        return path;
    }

    /** The strings under {@code __metadata__}. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** What the file holds, by name, in the header's order. */
    public SequencedMap<String, StoredTensor> tensors() {
        return header.tensors();
    }

    /** The names of all tensors, in the header's order. */
    public List<String> names() {
        return List.copyOf(header.tensors().keySet());
    }

    /**
     * @throws InvalidInput when there is no such tensor
     */
    public StoredTensor describe(String name) {
        StoredTensor tensor = header.tensors().get(name);
        if (tensor == null) {
            String nearest =
                    Spelling.nearest(name, header.tensors().keySet(), name.length() / 2)
                            .map(value -> String.format(Locale.ROOT, "; nearest is '%s'", value))
                            .orElse("");
            throw new InvalidInput(
                    String.format(Locale.ROOT, "%s: has no tensor '%s'%s", path, name, nearest));
        }
        return tensor;
    }

    /**
     * The elements of a tensor as they are stored: mapped, read-only, not copied, and not aligned
     * to more than one byte.
     *
     * @throws InvalidInput when there is no such tensor
     */
    public MemorySegment tensor(String name) {
        StoredTensor tensor = describe(name);
        return data.asSlice(tensor.begin(), tensor.bytes());
    }

    /**
     * As {@link #tensor(String)}, of a type and shape that are known.
     *
     * @throws InvalidInput also when the tensor has others
     */
    public MemorySegment tensor(String name, StoredType type, Shape shape) {
        checkShape(name, Arrays.stream(shape.toArray()).mapToObj(d -> (long) d).toList());
        if (describe(name).type() != type) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: tensor '%s' is %s, expected %s",
                            path,
                            name,
                            describe(name).type(),
                            type));
        }
        return tensor(name);
    }

    /**
     * The elements of an F32, F16 or BF16 tensor as float32 in native order: mapped for F32, on the
     * heap for the others. Not aligned to more than one byte.
     *
     * @throws InvalidInput when there is no such tensor, or it is of another type, or of more than
     *     2^31 - 1 elements to convert
     */
    public MemorySegment floats(String name) {
        StoredTensor tensor = floating(name);
        if (tensor.type() == StoredType.F32) {
            return tensor(name);
        }
        if (tensor.size() > Integer.MAX_VALUE) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: tensor '%s' has %d elements, too many to convert from %s",
                            path,
                            name,
                            tensor.size(),
                            tensor.type()));
        }
        float[] values = new float[(int) tensor.size()];
        Floats.read(tensor.type(), tensor(name), 0, values, values.length);
        return MemorySegment.ofArray(values);
    }

    /**
     * Describes a tensor of floats.
     *
     * @throws InvalidInput when there is no such tensor, or it is not F32, F64, F16 or BF16
     */
    StoredTensor floating(String name) {
        StoredTensor tensor = describe(name);
        if (!tensor.type().readable()) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: tensor '%s' is %s, expected F32, F64, F16 or BF16",
                            path,
                            name,
                            tensor.type()));
        }
        return tensor;
    }

    /**
     * As {@link #floats(String)}, of a shape that is known; valid until the file is closed.
     *
     * @throws InvalidInput also when the tensor has another shape
     */
    public MemorySegment floats(String name, Shape shape) {
        checkShape(name, StoredTensor.dimensions(shape));
        return floats(name);
    }

    /**
     * @throws InvalidInput when there is no such tensor, or it has another shape
     */
    void checkShape(String name, List<Long> expected) {
        if (!describe(name).shape().equals(expected)) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: tensor '%s' has shape %s, expected %s",
                            path,
                            name,
                            describe(name).shape(),
                            expected));
        }
    }

    /**
     * Unmaps the file; its segments end here. Closing again does nothing.
     *
     * @throws InvalidInput when the file was cut off meanwhile
     */
    @Override
    public void close() {
        mapped.close();
    }
}
