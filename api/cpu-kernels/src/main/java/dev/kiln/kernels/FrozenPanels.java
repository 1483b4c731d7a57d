package dev.kiln.kernels;

import static dev.kiln.spi.backend.WeightFormat.BLOCK;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.MemorySegment;

/**
 * A matrix that is only read, in panels of {@link #WIDTH} outputs: what one output needs for a
 * product runs down its panel, so that a vector's lanes are outputs and nothing is summed across
 * lanes, and a panel is one stream of memory. Panels are zero-padded, the summed dimension K to a
 * whole number of blocks of 32. A block, of 32 k and 64 outputs, little-endian:
 *
 * <ul>
 *   <li>FLOAT32: float [k][output].
 *   <li>BFLOAT16: int [k / 2][output], the even k in the lower half; this is what oneDNN calls {@code
 *       BA16a64b2a}.
 *   <li>INT8: the scales, float [output]; int [k / 4][output], the lowest k in the lowest byte.
 *   <li>INT4: the scales, float [output]; int [k / 4][32], each of two shorts, each of four k, the
 *       lowest k in the lowest four bits. The lower short of int 16 g + j is of output 32 g + j, the
 *       upper one of output 32 g + 16 + j, so that halves of ints widen in place.
 * </ul>
 *
 * @param content as it came; embeddings read its rows where they are
 * @param elements where the content's elements are
 * @param scales where the content's scales are
 */
record FrozenPanels(FrozenWeight content, CpuTensor panels, long elements, long scales)
        implements Weight {
    /** Outputs of a panel. */
    static final int WIDTH = 64;

    /** Bytes of a block's scales. */
    static final int SCALES = 4 * WIDTH;

    WeightFormat format() {
        return content.format();
    }

    /** K, the length of a product's sums. */
    int inner() {
        return inner(content);
    }

    private static int inner(FrozenWeight content) {
        return content.table() ? content.shape().columns() : content.shape().rows();
    }

    int outputs() {
        return outputs(content);
    }

    private static int outputs(FrozenWeight content) {
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

    /** With memory for panels, which are not written yet. */
    static FrozenPanels allocate(Scope scope, FrozenWeight content) {
        int panels = (outputs(content) + WIDTH - 1) / WIDTH;
        int ints = blocks(inner(content)) * blockBytes(content.format()) / 4;
        return new FrozenPanels(
                content,
                (CpuTensor) scope.allocate(DType.INT32, Shape.of(panels, ints)),
                address(scope, content.elements()),
                address(scope, content.scales()));
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
        return panels.address() + (long) index * panelBytes();
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
