package dev.kiln.kernels;

import static dev.kiln.spi.backend.WeightFormat.BLOCK;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A matrix that is only read, in panels of {@link #WIDTH} outputs: what one output needs for a
 * product runs down its panel, so that a vector's lanes are outputs and nothing is summed across
 * lanes, and a panel is one stream of memory. Panels are padded with what decodes to zero, the summed
 * dimension K to a whole number of blocks of 32. A block, of 32 k and 64 outputs, little-endian:
 *
 * <ul>
 *   <li>FLOAT32: float [k][output].
 *   <li>BFLOAT16: int [k / 2][output], the even k in the lower half; this is what oneDNN calls {@code
 *       BA16a64b2a}.
 *   <li>INT8: the scales, float [output]; byte [k][output].
 *   <li>INT4: the scales, float [output]; int [k / 4][32], each of two shorts, each of four k, the
 *       lowest k in the lowest four bits. The lower short of int 16 g + j is of output 32 g + j, the
 *       upper one of output 32 g + 16 + j, so that halves of ints widen in place.
 * </ul>
 *
 * <p>Panels are written when they are first needed, which for bfloat16 in a library that reads it as
 * it came is the second time: so the first token does not wait for all weights to be rearranged.
 */
final class FrozenPanels implements Weight {
    /** Outputs of a panel. */
    static final int WIDTH = 64;

    /** Bytes of a block's scales. */
    static final int SCALES = 4 * WIDTH;

    private final FrozenWeight content;
    private final Scope scope;
    private final long elements;
    private final long scales;
    private Optional<CpuTensor> panels = Optional.empty();
    private boolean used;

    /**
     * @param scope how long it lives
     */
    FrozenPanels(Scope scope, FrozenWeight content) {
        this.content = content;
        this.scope = scope;
        elements = address(scope, content.elements());
        scales = address(scope, content.scales());
    }

    /** As it came; embeddings read its rows where they are. */
    FrozenWeight content() {
        return content;
    }

    /** Where the content's elements are. */
    long elements() {
        return elements;
    }

    /** Where the content's scales are. */
    long scales() {
        return scales;
    }

    /** Whether nobody asked before. */
    boolean firstUse() {
        boolean first = !used;
        used = true;
        return first;
    }

    WeightFormat format() {
        return content.format();
    }

    /** K, the length of a product's sums. */
    int inner() {
        return content.table() ? content.shape().columns() : content.shape().rows();
    }

    int outputs() {
        return content.table() ? content.shape().rows() : content.shape().columns();
    }

    int blocks() {
        return blocks(inner());
    }

    /** Blocks that hold so many elements. */
    static int blocks(int elements) {
        return (elements + BLOCK - 1) / BLOCK;
    }

    int count() {
        return (outputs() + WIDTH - 1) / WIDTH;
    }

    /** Writes the panels, if they are not there yet. */
    void pack(Workers workers, BlockPool pool) {
        if (panels.isPresent()) {
            return;
        }
        Shape shape = Shape.of(count(), blocks() * blockBytes(format()) / 4);
        panels = Optional.of((CpuTensor) scope.allocate(DType.INT32, shape));
        PanelPacking packing = new PanelPacking(this);
        int floats = PanelPacking.SCRATCH / 4;
        try (Scratch scratch = new Scratch(pool, workers, 1, floats, "a block of a weight")) {
            workers.each(count(), (worker, panel) -> packing.pack(panel, scratch.of(worker, 0)));
        }
    }

    /** Where a segment is; one in the heap, which may move, is copied. */
    private static long address(Scope scope, MemorySegment segment) {
        if (segment.isNative()) {
            return segment.address();
        }
        int bytes = Math.toIntExact(segment.byteSize());
        CpuTensor copy = (CpuTensor) scope.allocate(DType.UINT8, Shape.of(Math.max(1, bytes)));
        Lanes.segment(copy.address(), bytes).copyFrom(segment);
        return copy.address();
    }

    /** Bytes of the panels of a weight. */
    static long bytes(Shape shape, WeightFormat format, boolean table) {
        int inner = table ? shape.columns() : shape.rows();
        long outputs = table ? shape.rows() : shape.columns();
        return (outputs + WIDTH - 1) / WIDTH * blocks(inner) * blockBytes(format);
    }

    static int blockBytes(WeightFormat format) {
        return switch (format) {
            case FLOAT32 -> BLOCK * WIDTH * 4;
            case BFLOAT16 -> BLOCK * WIDTH * 2;
            case INT8 -> SCALES + BLOCK * WIDTH;
            case INT4 -> SCALES + BLOCK * WIDTH / 2;
        };
    }

    int panelBytes() {
        return blocks() * blockBytes(format());
    }

    /** Where a panel begins. */
    long panel(int index) {
        return panels.orElseThrow().address() + (long) index * panelBytes();
    }

    @Override
    public String name() {
        return content.name();
    }

    @Override
    public Shape shape() {
        return content.shape();
    }

    @Override
    public CpuTensor value() {
        throw new IllegalStateException("weight " + name() + " is frozen and has no master");
    }

    @Override
    public boolean trainable() {
        return false;
    }

    @Override
    public CpuTensor gradient() {
        throw new IllegalStateException("weight " + name() + " is not trainable");
    }
}
