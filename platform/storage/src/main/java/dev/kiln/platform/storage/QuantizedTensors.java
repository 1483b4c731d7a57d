package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The weights of a model, to be written in other formats; {@link StoredWeights} reads them. They are
 * converted while they are written, a band of one weight at a time. Used by one thread.
 */
public final class QuantizedTensors implements AutoCloseable {
    private final WeightSource source;
    private final Map<String, String> metadata = new LinkedHashMap<>(Map.of("format", "pt"));
    private final List<TensorContent> tensors = new ArrayList<>();
    private final List<String> tables = new ArrayList<>();
    private final Map<String, Deviation> deviations = new LinkedHashMap<>();
    private final OffHeapBuffer scales = new OffHeapBuffer();

    /**
     * @param source asked for one weight at a time, while they are written
     */
    public QuantizedTensors(WeightSource source) {
        this.source = source;
    }

    /**
     * Adds a weight.
     *
     * @param table whether it is a table, whose blocks run along rows
     * @param format scaled for matrices alone
     * @return the bytes that it will have, those of its scales among them
     */
    public long add(String name, Shape shape, boolean table, WeightFormat format) {
        Optional<Blocks> blocks =
                format.scaled() ? Optional.of(new Blocks(shape, table, format)) : Optional.empty();
        TensorContent elements =
                new TensorContent(
                        name,
                        StoredType.of(format),
                        blocks.map(Blocks::elements).orElse(StoredTensor.dimensions(shape)),
                        () ->
                                blocks.<Iterator<MemorySegment>>map(of -> coded(name, of))
                                        .orElseGet(() -> plain(name, shape, format)));
        tensors.add(elements);
        if (blocks.isEmpty()) {
            return elements.bytes();
        }
        if (table) {
            tables.add(name);
        }
        metadata.put(StoredWeights.QUANTIZATION, StoredWeights.word(format));
        TensorContent factors =
                new TensorContent(
                        name + StoredWeights.SCALES,
                        blocks.get().scales(),
                        () -> scales.of(scaleBytes(blocks.get())));
        tensors.add(factors);
        return elements.bytes() + factors.bytes();
    }

    private static long scaleBytes(Blocks blocks) {
        return (long) blocks.bands() * blocks.scalesPerBand() * Float.BYTES;
    }

    private Iterator<MemorySegment> plain(String name, Shape shape, WeightFormat format) {
        MemorySegment floats = source.floats(name, shape);
        Floats.requireFinite(name, StoredType.F32, floats);
        return new RoundedPieces(floats, StoredType.of(format), more -> note(name, more));
    }

    /** The scales, which come next in the file, are kept until then. */
    private Iterator<MemorySegment> coded(String name, Blocks blocks) {
        return new CodedBands(
                blocks,
                source.floats(name, blocks.shape()),
                scales.of(scaleBytes(blocks)),
                more -> note(name, more),
                () ->
                        new InvalidInput(
                                String.format(
                                        Locale.ROOT,
                                        "weight '%s' holds a value that is NaN or infinite: it can't be quantized",
                                        name)));
    }

    private void note(String name, Deviation more) {
        deviations.merge(name, more, Deviation::plus);
    }

    /** What the file shall hold. */
    public SafetensorsContent content() {
        if (!tables.isEmpty()) {
            metadata.put(StoredWeights.TABLES, String.join(" ", tables));
        }
        return new SafetensorsContent(metadata, tensors);
    }

    /** How far a weight is from its original, once it was written. */
    public Deviation deviation(String name) {
        return deviations.getOrDefault(name, Deviation.NONE);
    }

    @Override
    public void close() {
        scales.close();
    }
}
