package dev.kiln.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors at raw addresses. All memory is seen through one segment that spans the address space, so
 * that a load is one instruction; whoever calls has checked the bounds.
 */
final class Lanes {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTS =
            VectorSpecies.of(int.class, FLOATS.vectorShape());

    /** Floats in a vector. */
    static final int COUNT = FLOATS.length();

    /** Bytes of a vector. */
    static final int BYTES = FLOATS.vectorByteSize();

    @SuppressWarnings("restricted") // the Vector API takes segments, and these are addresses
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Halves, quarters … of a vector that change places. */
    private static final VectorShuffle<Float> SWAP_8 = swap(8);
    private static final VectorShuffle<Float> SWAP_4 = swap(4);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_1 = swap(1);

    private Lanes() {}

    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(FLOATS, i -> (i ^ distance) % COUNT);
    }

    /**
     * The sum of all lanes, in an order of our own: that of {@code reduceLanes} is not specified, and
     * is another one in compiled code than in interpreted code.
     */
    static float sum(FloatVector x) {
        FloatVector sum = x;
        for (int distance = COUNT / 2; distance >= 16; distance /= 2) {
            sum = sum.add(sum.rearrange(swap(distance)));
        }
        if (COUNT >= 16) {
            sum = sum.add(sum.rearrange(SWAP_8));
        }
        if (COUNT >= 8) {
            sum = sum.add(sum.rearrange(SWAP_4));
        }
        if (COUNT >= 4) {
            sum = sum.add(sum.rearrange(SWAP_2));
        }
        return sum.add(sum.rearrange(SWAP_1)).lane(0);
    }

    static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(FLOATS, MEMORY, address, ORDER);
    }

    static FloatVector load(long address, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(FLOATS, MEMORY, address, ORDER, mask);
    }

    static void store(FloatVector x, long address) {
        x.intoMemorySegment(MEMORY, address, ORDER);
    }

    static void store(FloatVector x, long address, VectorMask<Float> mask) {
        x.intoMemorySegment(MEMORY, address, ORDER, mask);
    }

    /** One float in all lanes. */
    static FloatVector spread(long address) {
        return FloatVector.broadcast(FLOATS, get(address));
    }

    static FloatVector spread(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    static FloatVector zero() {
        return FloatVector.zero(FLOATS);
    }

    /** 0, 1, 2 … from a first number on. */
    static IntVector countFrom(int first) {
        return IntVector.broadcast(INTS, first).addIndex(1);
    }

    /** The first lanes only, for the end of a row. */
    static VectorMask<Float> first(int lanes) {
        return FLOATS.indexInRange(0, lanes);
    }

    /** The largest multiple of a vector's length in n. */
    static int whole(int n) {
        return n - n % COUNT;
    }

    /** The smallest multiple of a vector's length that holds n. */
    static int padded(int n) {
        return whole(n + COUNT - 1);
    }

    /**
     * A row length for n floats of which several rows are read side by side: an odd number of cache
     * lines, because rows a power of two apart would share one set of the cache.
     */
    static int spaced(int n) {
        int lines = (Math.max(n, COUNT) + 15) / 16;
        return 16 * (lines | 1);
    }

    static float get(long address) {
        return MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
    }

    static void set(long address, float value) {
        MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, value);
    }

    static int getInt(long address) {
        return MEMORY.get(ValueLayout.JAVA_INT_UNALIGNED, address);
    }

    /** The bytes at an address, for bulk copies. */
    static MemorySegment segment(long address, long bytes) {
        return MEMORY.asSlice(address, bytes);
    }
}
