package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The weights of a model with an adapter in them. Used by one thread. */
public final class AdaptedWeights implements WeightSource {
    private final WeightSource base;
    private final Map<String, Shape> shapes;
    private final AdapterFile adapter;
    private final OffHeapBuffer sum = new OffHeapBuffer();
    private final OffHeapBuffer rounded = new OffHeapBuffer();

    /**
     * @param base outlives this, as the adapter does
     * @param baseShapes the shapes of its weights, but for a head's
     * @param shapes those that the model has with the adapter: tables may have more rows
     * @throws InvalidInput when the adapter has not all rows by which a table is larger
     */
    public AdaptedWeights(
            WeightSource base,
            Map<String, Shape> baseShapes,
            Map<String, Shape> shapes,
            AdapterFile adapter) {
        this.base = base;
        this.shapes = Map.copyOf(baseShapes);
        this.adapter = adapter;
        baseShapes.forEach(
                (name, shape) -> adapter.checkNewRows(name, shape.rows(), shapes.get(name).rows()));
    }

    @Override
    public List<String> names() {
        Set<String> names = new LinkedHashSet<>(base.names());
        names.addAll(adapter.head());
        return List.copyOf(names);
    }

    @Override
    public MemorySegment floats(String name, Shape shape) {
        if (!adapter.changes(name)) {
            return base.floats(name, shape);
        }
        MemorySegment elements = sum.of(shape.size() * Float.BYTES);
        adapter.whole(name)
                .ifPresentOrElse(
                        whole -> checkShape(name, whole, shape),
                        () -> copy(base.floats(name, shapes.get(name)), elements));
        adapter.apply(name, shape, elements);
        return elements;
    }

    private static void copy(MemorySegment from, MemorySegment to) {
        MemorySegment.copy(from, 0, to, 0, from.byteSize());
    }

    private static void checkShape(String name, Shape whole, Shape shape) {
        if (!whole.equals(shape)) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "the adapter's '%s' has shape %s, expected %s",
                            name,
                            whole,
                            shape));
        }
    }

    /** F32 for what the adapter changes: in fewer bits a small change would be lost. */
    @Override
    public StoredType type(String name) {
        return adapter.changes(name) ? StoredType.F32 : base.type(name);
    }

    @Override
    public MemorySegment elements(String name, Shape shape, StoredType type) {
        if (!adapter.changes(name)) {
            return base.elements(name, shape, type);
        }
        MemorySegment elements = floats(name, shape);
        if (type == StoredType.F32) {
            return elements;
        }
        MemorySegment target = rounded.of(shape.size() * type.bits() / Byte.SIZE);
        Floats.convert(StoredType.F32, elements, type, target);
        return target;
    }

    @Override
    public WeightFormat format(String name) {
        return adapter.changes(name) ? WeightFormat.FLOAT32 : base.format(name);
    }

    @Override
    public long bytes(String name) {
        return base.names().contains(name) ? base.bytes(name) : 0;
    }

    @Override
    public boolean isMapped(String name, WeightFormat format) {
        return !adapter.changes(name) && base.isMapped(name, format);
    }

    @Override
    public FrozenWeight frozen(
            String name, Shape shape, boolean table, WeightFormat format, Arena arena) {
        if (!adapter.changes(name)) {
            return base.frozen(name, shape, table, format, arena);
        }
        MemorySegment elements = elements(name, shape, StoredType.of(format));
        MemorySegment kept = arena.allocate(elements.byteSize(), Float.BYTES);
        kept.copyFrom(elements);
        return new FrozenWeight(name, shape, format, table, kept, MemorySegment.NULL);
    }

    /** Leaves the base and the adapter open. */
    @Override
    public void close() {
        sum.close();
        rounded.close();
    }
}
