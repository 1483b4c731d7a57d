package dev.kiln.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors at raw addresses. All memory is seen through one segment that spans the address space, so
 * that a load is one instruction; whoever calls has checked the bounds.
 *
 * <p>Kernels call the Vector API directly and hand no vector to methods of their own: the API's
 * methods are always compiled into their caller, others only while that is small enough, and a
 * vector that goes into a call becomes an object on the heap. Beyond some seventy calls of the API in a
 * method and all that is compiled into it, the compiler takes in no more (its log says {@code
 * NodeCountInliningCutoff}), and vectors of a loop in which that happens become objects too: so
 * loops are small, and large ones stand alone in their methods. {@code KernelAllocationTest} tells.
 */
final class Lanes {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    /** Floats in a vector. */
    static final int COUNT = FLOATS.length();

    /** As many bytes as a vector has floats, or the least that is a vector. */
    static final VectorSpecies<Byte> CODES =
            VectorSpecies.of(
                    byte.class, VectorShape.forBitSize(Math.max(64, FLOATS.vectorBitSize() / 4)));

    /** Whether those are no more than the floats; else only {@link #PART} of them is read. */
    static final boolean FITS = CODES.length() == COUNT;

    static final VectorMask<Byte> PART = VectorMask.fromLong(CODES, -1L >>> (64 - COUNT));

    /** Bytes of a vector. */
    static final int BYTES = FLOATS.vectorByteSize();

    @SuppressWarnings("restricted") // the Vector API takes segments, and these are addresses
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    static final ByteOrder ORDER = ByteOrder.nativeOrder();
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /**
     * Exchanges of halves, quarters … of a vector: adding up all of them leaves the sum of a vector
     * in each lane. The order of {@code reduceLanes} is not specified, and it is another one in
     * compiled code than in interpreted code, so the same calls would not give the same bits.
     */
    @SuppressWarnings("unchecked") // arrays know no type arguments
    static final VectorShuffle<Float>[] SWAPS =
            IntStream.iterate(COUNT / 2, distance -> distance > 0, distance -> distance / 2)
                    .mapToObj(distance -> VectorShuffle.fromOp(FLOATS, i -> i ^ distance))
                    .toArray(VectorShuffle[]::new);

    private Lanes() {}

    /**
     * Bits of the first lanes, at least 1, for the mask of a row's end. The API's own {@code
     * indexInRange} returns one of several masks, which then are objects on the heap.
     */
    static long bits(int lanes) {
        return -1L >>> (64 - lanes);
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
        return MEMORY.get(FLOAT, address);
    }

    static void set(long address, float value) {
        MEMORY.set(FLOAT, address, value);
    }

    static int getInt(long address) {
        return MEMORY.get(ValueLayout.JAVA_INT_UNALIGNED, address);
    }

    static void setInt(long address, int value) {
        MEMORY.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
    }

    static short getShort(long address) {
        return MEMORY.get(ValueLayout.JAVA_SHORT_UNALIGNED, address);
    }

    static void setShort(long address, short value) {
        MEMORY.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, value);
    }

    static long getLong(long address) {
        return MEMORY.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    }

    static void setLong(long address, long value) {
        MEMORY.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
    }

    /** Copies bytes; of the whole segment, since a slice of it is an object, and rows are many. */
    static void copy(long out, long x, long bytes) {
        MemorySegment.copy(MEMORY, x, MEMORY, out, bytes);
    }

    /** The bytes at an address, for bulk copies. */
    static MemorySegment segment(long address, long bytes) {
        return MEMORY.asSlice(address, bytes);
    }
}
