package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The weights of a checkpoint: tensors of floats, and in one that was quantized I8 and U8 tensors
 * (INT8 and INT4) with their scales, F32, under {@code NAME.scales}. Such a file says so in its
 * metadata: {@code quantization} is the format, {@code tables} the names, between spaces, of weights
 * whose blocks run along rows. Used by one thread.
 */
public final class StoredWeights implements WeightSource {
    static final String QUANTIZATION = "quantization";
    static final String TABLES = "tables";
    static final String SCALES = ".scales";

    private final SafetensorsFile file;
    private final boolean quantized;
    private final Set<String> tables;
    private final OffHeapBuffer buffer = new OffHeapBuffer();

    private StoredWeights(SafetensorsFile file) {
        this.file = file;
        quantized = file.metadata().containsKey(QUANTIZATION);
        tables = Set.of(file.metadata().getOrDefault(TABLES, "").split(" "));
    }

    /**
     * Maps a file.
     *
     * @throws InvalidInput as {@link SafetensorsFile#open}, or when scales are missing, too many or
     *     don't fit; names file and tensor
     */
    public static StoredWeights open(Path path) {
        SafetensorsFile file = SafetensorsFile.open(path);
        try {
            StoredWeights weights = new StoredWeights(file);
            if (weights.quantized) {
                file.tensors().values().forEach(weights::check);
            }
            return weights;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void check(StoredTensor tensor) {
        String name = tensor.name();
        if (isScales(name)) {
            String of = name.substring(0, name.length() - SCALES.length());
            if (!file.tensors().containsKey(of) || !isScaled(of)) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s: has a tensor '%s', but no I8 or U8 tensor '%s'",
                                file.path(),
                                name,
                                of));
            }
        } else if (isScaled(name)) {
            checkScaled(tensor);
        }
    }

    private void checkScaled(StoredTensor tensor) {
        if (tensor.shape().size() != 2) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: tensor '%s' is %s of shape %s, expected a matrix",
                            file.path(),
                            tensor.name(),
                            tensor.type(),
                            tensor.shape()));
        }
        String scales = tensor.name() + SCALES;
        if (!file.tensors().containsKey(scales)) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: tensor '%s' is %s, but there is no '%s' with it",
                            file.path(),
                            tensor.name(),
                            tensor.type(),
                            scales));
        }
        if (file.describe(scales).type() != StoredType.F32) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: tensor '%s' is %s, expected F32",
                            file.path(),
                            scales,
                            file.describe(scales).type()));
        }
        file.checkShape(scales, scalesOf(tensor));
    }

    /** The same for both heights, or widths, that a packed matrix may have. */
    private List<Long> scalesOf(StoredTensor tensor) {
        long perElement = tensor.type() == StoredType.U8 ? 2 : 1;
        long rows = tensor.shape().get(0);
        long columns = tensor.shape().get(1);
        return tables.contains(tensor.name())
                ? List.of(rows, Math.ceilDiv(columns * perElement, WeightFormat.BLOCK))
                : List.of(Math.ceilDiv(rows * perElement, WeightFormat.BLOCK), columns);
    }

    private boolean isScales(String name) {
        return quantized && name.endsWith(SCALES);
    }

    private boolean isScaled(String name) {
        StoredType type = file.describe(name).type();
        return quantized && (type == StoredType.I8 || type == StoredType.U8);
    }

    @Override
    public List<String> names() {
        return file.names().stream().filter(name -> !isScales(name)).toList();
    }

    @Override
    public long bytes(String name) {
        return file.describe(name).bytes()
                + (isScaled(name) ? file.describe(name + SCALES).bytes() : 0);
    }

    /** The word for a format. */
    static String word(WeightFormat format) {
        return format.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public WeightFormat format(String name) {
        return isScaled(name)
                ? file.describe(name).type() == StoredType.I8
                        ? WeightFormat.INT8
                        : WeightFormat.INT4
                : file.floating(name).type() == StoredType.BF16
                        ? WeightFormat.BFLOAT16
                        : WeightFormat.FLOAT32;
    }

    @Override
    public boolean isMapped(String name, WeightFormat format) {
        return format.scaled() || file.describe(name).type() == StoredType.of(format);
    }

    @Override
    public MemorySegment floats(String name, Shape shape) {
        if (!isScaled(name) && file.floating(name).type() == StoredType.F32) {
            return file.floats(name, shape);
        }
        MemorySegment target = buffer.of(shape.size() * Float.BYTES);
        convert(name, shape, StoredType.F32, target);
        return target;
    }

    @Override
    public FrozenWeight frozen(
            String name, Shape shape, boolean table, WeightFormat format, Arena arena) {
        if (format.scaled()) {
            Blocks blocks = blocks(name, shape);
            if (blocks.table() != table || blocks.format() != format) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s: tensor '%s' does not have its blocks %s, as this model takes it",
                                file.path(),
                                name,
                                table ? "along rows" : "down columns"));
            }
            return new FrozenWeight(
                    name, shape, format, table, file.tensor(name), file.tensor(name + SCALES));
        }
        StoredType type = StoredType.of(format);
        MemorySegment elements;
        if (file.describe(name).type() == type) {
            file.checkShape(name, StoredTensor.dimensions(shape));
            elements = file.tensor(name);
        } else {
            elements = arena.allocate(shape.size() * type.bits() / Byte.SIZE, Float.BYTES);
            convert(name, shape, type, elements);
        }
        return new FrozenWeight(name, shape, format, table, elements, MemorySegment.NULL);
    }

    private Blocks blocks(String name, Shape shape) {
        if (shape.rank() != 2) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: tensor '%s' is %s, expected F32, F64, F16 or BF16 for a weight of shape %s",
                            file.path(),
                            name,
                            file.describe(name).type(),
                            shape));
        }
        Blocks blocks = new Blocks(shape, tables.contains(name), format(name));
        file.checkShape(name, blocks.elements());
        return blocks;
    }

    private void convert(String name, Shape shape, StoredType type, MemorySegment target) {
        if (isScaled(name)) {
            widen(name, blocks(name, shape), type, target);
        } else {
            StoredType stored = file.floating(name).type();
            file.checkShape(name, StoredTensor.dimensions(shape));
            Floats.convert(stored, file.tensor(name), type, target);
        }
    }

    private void widen(String name, Blocks blocks, StoredType type, MemorySegment target) {
        MemorySegment elements = file.tensor(name);
        MemorySegment scales = file.tensor(name + SCALES);
        float[] bandScales = new float[blocks.scalesPerBand()];
        float[] values = new float[blocks.bandRows() * blocks.shape().columns()];
        byte[] band = new byte[blocks.bytes(0)];
        long at = 0;
        long out = 0;
        for (int b = 0; b < blocks.bands(); b++) {
            int count = blocks.rows(b) * blocks.shape().columns();
            MemorySegment.copy(elements, ValueLayout.JAVA_BYTE, at, band, 0, blocks.bytes(b));
            Floats.read(
                    StoredType.F32,
                    scales,
                    (long) b * bandScales.length,
                    bandScales,
                    bandScales.length);
            blocks.decode(b, band, bandScales, values);
            Floats.write(type, values, target.asSlice(out), count);
            at += blocks.bytes(b);
            out += (long) count * type.bits() / Byte.SIZE;
        }
    }

    @Override
    public void close() {
        buffer.close();
        file.close();
    }
}
