package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.INTS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.I2B;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.CompactMoment;
import dev.kiln.spi.backend.Weight;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The update of one weight with {@link CompactMoment}s, one pass over memory: a block of moments is
 * decoded, updated and left in scratch, which stays in the cache, until its new scales are known and
 * it is coded anew.
 *
 * <p>Of a second moment v the scratch holds √v, which the weight needs, and from which its code is
 * one more root away. Numbers below 2⁸ become whole in the last bits of {@link #WHOLE}.
 */
final class CompactAdamW {
    private static final int BLOCK = CompactMoment.BLOCK;

    /** Of one worker, in bytes. */
    static final long SCRATCH = 2L * BLOCK * Float.BYTES;

    /** As many bytes as a vector has floats, or the least that is a vector. */
    private static final VectorSpecies<Byte> CODES =
            VectorSpecies.of(
                    byte.class, VectorShape.forBitSize(Math.max(64, FLOATS.vectorBitSize() / 4)));

    private static final boolean FITS = CODES.length() == COUNT;
    private static final VectorMask<Byte> PART = VectorMask.fromLong(CODES, Lanes.bits(COUNT));

    /** A number that, added, rounds to whole numbers, which its last bits then are. */
    private static final float WHOLE = 0x1.8p23f;

    private static final int WHOLE_BITS = Float.floatToRawIntBits(WHOLE);

    private final long weight;
    private final long gradient;
    private final long codes1;
    private final long scales1;
    private final long codes2;
    private final long scales2;
    private final long size;
    private final long key;
    private final AdamWStep step;
    private final float unbias1;
    private final float unbias2;

    CompactAdamW(Weight weight, CompactMoment first, CompactMoment second, AdamWStep step) {
        this.weight = CpuBackend.address(weight.value());
        gradient = CpuBackend.address(weight.gradient());
        codes1 = CpuBackend.address(first.codes());
        scales1 = CpuBackend.address(first.scales());
        codes2 = CpuBackend.address(second.codes());
        scales2 = CpuBackend.address(second.scales());
        size = weight.shape().size();
        key = Randomness.key(step.step(), weight.name());
        this.step = step;
        unbias1 = (float) (1 / (1 - Math.pow(step.beta1(), step.step())));
        unbias2 = (float) Math.sqrt(1 / (1 - Math.pow(step.beta2(), step.step())));
    }

    /** Number of blocks. */
    int count() {
        return Math.toIntExact(Math.ceilDiv(size, BLOCK));
    }

    /** Updates some blocks. */
    void run(int from, int to, long scratch) {
        long roots = scratch + Float.BYTES * BLOCK;
        for (int block = from; block < to; block++) {
            long at = (long) block * BLOCK;
            int n = (int) Math.min(BLOCK, size - at);
            update(
                    at,
                    n,
                    Lanes.get(scales1 + 4L * block),
                    Lanes.get(scales2 + 4L * block),
                    scratch);
            float largest = largest(scratch, n);
            float root = largest(roots, n);
            Lanes.set(scales1 + 4L * block, largest);
            Lanes.set(scales2 + 4L * block, root * root);
            float inverse = largest < Float.MIN_NORMAL ? 0 : 1 / largest;
            encode(at, n, inverse, root == 0 ? 0 : 1 / root, scratch);
        }
    }

    private void update(long at, int n, float scale1, float scale2, long scratch) {
        float scale = (float) step.gradientScale();
        float rest1 = (float) (1 - step.beta1());
        float rest2 = (float) (1 - step.beta2());
        float epsilon = (float) step.epsilon();
        FloatVector kept1 = FloatVector.broadcast(FLOATS, (float) step.beta1() * scale1);
        FloatVector kept2 = FloatVector.broadcast(FLOATS, (float) step.beta2() * scale2);
        FloatVector rate = FloatVector.broadcast(FLOATS, (float) -step.learningRate() * unbias1);
        FloatVector decay =
                FloatVector.broadcast(
                        FLOATS, (float) (1 - step.learningRate() * step.weightDecay()));
        for (int j = 0; j < n; j += COUNT) {
            long place = 4 * (at + j);
            ByteVector code1 =
                    FITS
                            ? ByteVector.fromMemorySegment(CODES, MEMORY, codes1 + at + j, ORDER)
                            : ByteVector.fromMemorySegment(
                                    CODES, MEMORY, codes1 + at + j, ORDER, PART);
            ByteVector code2 =
                    FITS
                            ? ByteVector.fromMemorySegment(CODES, MEMORY, codes2 + at + j, ORDER)
                            : ByteVector.fromMemorySegment(
                                    CODES, MEMORY, codes2 + at + j, ORDER, PART);
            FloatVector s =
                    ((FloatVector) code1.convertShape(ZERO_EXTEND_B2I, INTS, 0).convert(I2F, 0))
                            .sub(128f)
                            .mul(1 / 127f);
            FloatVector r =
                    ((FloatVector) code2.convertShape(ZERO_EXTEND_B2I, INTS, 0).convert(I2F, 0))
                            .mul(1 / 255f);
            FloatVector squared = r.mul(r);
            FloatVector g = fromMemorySegment(FLOATS, MEMORY, gradient + place, ORDER).mul(scale);
            FloatVector m = s.mul(s.abs()).fma(kept1, g.mul(rest1));
            FloatVector root = squared.mul(squared).fma(kept2, g.mul(g).mul(rest2)).sqrt();
            m.intoMemorySegment(MEMORY, scratch + 4L * j, ORDER);
            root.intoMemorySegment(MEMORY, scratch + 4L * (BLOCK + j), ORDER);
            FloatVector update = m.div(root.mul(unbias2).add(epsilon));
            fromMemorySegment(FLOATS, MEMORY, weight + place, ORDER)
                    .fma(decay, update.mul(rate))
                    .intoMemorySegment(MEMORY, weight + place, ORDER);
        }
    }

    /** The largest magnitude of n floats: without their sign, floats are in the order of their bits. */
    private static float largest(long x, int n) {
        IntVector most = IntVector.zero(INTS);
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += COUNT) {
            most =
                    most.max(
                            IntVector.fromMemorySegment(INTS, MEMORY, x + 4L * j, ORDER)
                                    .and(Integer.MAX_VALUE));
        }
        int bits = most.reduceLanes(VectorOperators.MAX);
        for (int j = whole; j < n; j++) {
            bits = Math.max(bits, Lanes.getInt(x + 4L * j) & Integer.MAX_VALUE);
        }
        return Float.intBitsToFloat(bits);
    }

    /**
     * A magnitude between the codes k and k + 1, which stand for k² and (k + 1)² or for k⁴ and (k +
     * 1)⁴, gets the upper one where draw · (upper - lower) is less than what it is above the lower.
     */
    private void encode(long at, int n, float inverse1, float inverse2, long scratch) {
        int low = (int) key;
        int high = (int) (key >>> 32);
        IntVector places = IntVector.zero(INTS).addIndex(1).add((int) at);
        for (int j = 0; j < n; j += COUNT) {
            IntVector bits = places.add(j).lanewise(VectorOperators.XOR, low);
            bits = bits.lanewise(VectorOperators.XOR, bits.lanewise(VectorOperators.LSHR, 16));
            bits = bits.mul(0x7feb352d);
            bits = bits.lanewise(VectorOperators.XOR, bits.lanewise(VectorOperators.LSHR, 15));
            bits = bits.add(high).mul(0x846ca68b);
            bits = bits.lanewise(VectorOperators.XOR, bits.lanewise(VectorOperators.LSHR, 16));
            FloatVector draw1 =
                    ((FloatVector) bits.lanewise(VectorOperators.LSHR, 16).convert(I2F, 0))
                            .mul(0x1p-16f);
            FloatVector draw2 = ((FloatVector) bits.and(0xffff).convert(I2F, 0)).mul(0x1p-16f);

            FloatVector m = fromMemorySegment(FLOATS, MEMORY, scratch + 4L * j, ORDER);
            FloatVector squared1 = m.abs().mul(inverse1).mul(127f * 127f);
            FloatVector k1 =
                    squared1.sqrt()
                            .sub(0.5f)
                            .add(WHOLE)
                            .reinterpretAsInts()
                            .min(WHOLE_BITS + 126)
                            .reinterpretAsFloats()
                            .sub(WHOLE);
            FloatVector step1 = k1.add(k1).add(1f);
            FloatVector code1 =
                    k1.add(
                            1f,
                            draw1.mul(step1).compare(VectorOperators.LT, squared1.sub(k1.mul(k1))));
            ByteVector stored1 =
                    (ByteVector)
                            code1.lanewise(VectorOperators.NEG, m.compare(VectorOperators.LT, 0f))
                                    .add(WHOLE + 128f)
                                    .reinterpretAsInts()
                                    .convertShape(I2B, CODES, 0);

            FloatVector root = fromMemorySegment(FLOATS, MEMORY, scratch + 4L * (BLOCK + j), ORDER);
            FloatVector squared2 = root.mul(inverse2).mul(255f * 255f);
            FloatVector k2 =
                    squared2.sqrt()
                            .sub(0.5f)
                            .add(WHOLE)
                            .reinterpretAsInts()
                            .min(WHOLE_BITS + 254)
                            .reinterpretAsFloats()
                            .sub(WHOLE);
            FloatVector lower = k2.mul(k2);
            FloatVector step2 = k2.add(k2).add(1f);
            FloatVector step4 = step2.mul(lower.add(lower).add(step2));
            FloatVector above = squared2.sub(lower).mul(squared2.add(lower));
            ByteVector stored2 =
                    (ByteVector)
                            k2.add(1f, draw2.mul(step4).compare(VectorOperators.LT, above))
                                    .add(WHOLE)
                                    .reinterpretAsInts()
                                    .max(root.reinterpretAsInts().min(1).add(WHOLE_BITS))
                                    .convertShape(I2B, CODES, 0);
            if (FITS) {
                stored1.intoMemorySegment(MEMORY, codes1 + at + j, ORDER);
                stored2.intoMemorySegment(MEMORY, codes2 + at + j, ORDER);
            } else {
                stored1.intoMemorySegment(MEMORY, codes1 + at + j, ORDER, PART);
                stored2.intoMemorySegment(MEMORY, codes2 + at + j, ORDER, PART);
            }
        }
    }
}
