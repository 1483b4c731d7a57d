package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.CODES;
import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FITS;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.INTS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static dev.kiln.kernels.Lanes.PART;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.I2B;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.NEG;
import static jdk.incubator.vector.VectorOperators.XOR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.CompactMoment;
import dev.kiln.spi.backend.Weight;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The update of one weight with {@link CompactMoment}s, one pass over memory: a block of moments is
 * decoded, updated and left in scratch, which stays in the cache, until its new scales are known and
 * it is coded anew.
 *
 * <p>Of a second moment v the scratch holds √v, which the weight needs, and from which its code is
 * one more root away; behind those, 32 random bits an element. Numbers below 2⁸ become whole in the last bits of {@link #WHOLE}.
 */
final class CompactAdamW {
    private static final int BLOCK = CompactMoment.BLOCK;

    /** Of one worker, in bytes. */
    static final long SCRATCH = 3L * BLOCK * Float.BYTES;

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
            long draws = roots + Float.BYTES * BLOCK;
            draw(draws, (int) at, n, (int) key, (int) (key >>> 32));
            encode(codes1 + at, n, largest < Float.MIN_NORMAL ? 0 : 1 / largest, scratch, draws);
            encodeRoots(codes2 + at, n, root == 0 ? 0 : 1 / root, roots, draws);
        }
    }

    private void update(long at, int n, float scale1, float scale2, long scratch) {
        float scale = (float) step.gradientScale();
        float rest1 = (float) (1 - step.beta1());
        float rest2 = (float) (1 - step.beta2());
        float epsilon = (float) step.epsilon();
        float kept1 = (float) step.beta1() * scale1;
        float kept2 = (float) step.beta2() * scale2;
        float rate = (float) -step.learningRate() * unbias1;
        float decay = (float) (1 - step.learningRate() * step.weightDecay());
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
            FloatVector m = s.mul(s.abs()).fma(broadcast(FLOATS, kept1), g.mul(rest1));
            FloatVector root =
                    squared.mul(squared).fma(broadcast(FLOATS, kept2), g.mul(g).mul(rest2)).sqrt();
            m.intoMemorySegment(MEMORY, scratch + 4L * j, ORDER);
            root.intoMemorySegment(MEMORY, scratch + 4L * (BLOCK + j), ORDER);
            FloatVector update = m.div(root.mul(unbias2).add(epsilon));
            fromMemorySegment(FLOATS, MEMORY, weight + place, ORDER)
                    .fma(broadcast(FLOATS, decay), update.mul(rate))
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
        int bits = most.reduceLanes(MAX);
        for (int j = whole; j < n; j++) {
            bits = Math.max(bits, Lanes.getInt(x + 4L * j) & Integer.MAX_VALUE);
        }
        return Float.intBitsToFloat(bits);
    }

    /** {@link Randomness#bits32} of so many elements from a place on. */
    private static void draw(long out, int place, int n, int low, int high) {
        for (int j = 0; j < n; j += COUNT) {
            IntVector places = IntVector.zero(INTS).addIndex(1).add(place + j);
            IntVector bits = places.lanewise(XOR, low);
            bits = bits.lanewise(XOR, bits.lanewise(LSHR, 16)).mul(0x7feb352d);
            bits = bits.lanewise(XOR, bits.lanewise(LSHR, 15)).add(high).mul(0x846ca68b);
            bits.lanewise(XOR, bits.lanewise(LSHR, 16))
                    .intoMemorySegment(MEMORY, out + 4L * j, ORDER);
        }
    }

    /**
     * Codes of first moments. A magnitude between the codes k and k + 1, which stand for k² and (k +
     * 1)², gets the upper one where draw · (upper - lower) is less than what it is above the lower;
     * the draw is the upper half of an element's bits.
     */
    private static void encode(long codes, int n, float inverse, long moments, long draws) {
        for (int j = 0; j < n; j += COUNT) {
            FloatVector draw =
                    ((FloatVector)
                                    IntVector.fromMemorySegment(INTS, MEMORY, draws + 4L * j, ORDER)
                                            .lanewise(LSHR, 16)
                                            .convert(I2F, 0))
                            .mul(0x1p-16f);
            FloatVector m = fromMemorySegment(FLOATS, MEMORY, moments + 4L * j, ORDER);
            FloatVector squared = m.abs().mul(inverse).mul(127f * 127f);
            FloatVector k =
                    squared.sqrt()
                            .sub(0.5f)
                            .add(WHOLE)
                            .reinterpretAsInts()
                            .min(WHOLE_BITS + 126)
                            .reinterpretAsFloats()
                            .sub(WHOLE);
            FloatVector step = k.add(k).add(1f);
            FloatVector code = k.add(1f, draw.mul(step).compare(LT, squared.sub(k.mul(k))));
            ByteVector stored =
                    (ByteVector)
                            code.lanewise(NEG, m.compare(LT, 0f))
                                    .add(WHOLE + 128f)
                                    .reinterpretAsInts()
                                    .convertShape(I2B, CODES, 0);
            if (FITS) {
                stored.intoMemorySegment(MEMORY, codes + j, ORDER);
            } else {
                stored.intoMemorySegment(MEMORY, codes + j, ORDER, PART);
            }
        }
    }

    /** The same of second moments, whose codes stand for k⁴, by the lower halves. */
    private static void encodeRoots(long codes, int n, float inverse, long roots, long draws) {
        for (int j = 0; j < n; j += COUNT) {
            FloatVector draw =
                    ((FloatVector)
                                    IntVector.fromMemorySegment(INTS, MEMORY, draws + 4L * j, ORDER)
                                            .and(0xffff)
                                            .convert(I2F, 0))
                            .mul(0x1p-16f);
            FloatVector root = fromMemorySegment(FLOATS, MEMORY, roots + 4L * j, ORDER);
            FloatVector squared = root.mul(inverse).mul(255f * 255f);
            FloatVector k =
                    squared.sqrt()
                            .sub(0.5f)
                            .add(WHOLE)
                            .reinterpretAsInts()
                            .min(WHOLE_BITS + 254)
                            .reinterpretAsFloats()
                            .sub(WHOLE);
            FloatVector lower = k.mul(k);
            FloatVector step2 = k.add(k).add(1f);
            FloatVector step4 = step2.mul(lower.add(lower).add(step2));
            FloatVector above = squared.sub(lower).mul(squared.add(lower));
            ByteVector stored =
                    (ByteVector)
                            k.add(1f, draw.mul(step4).compare(LT, above))
                                    .add(WHOLE)
                                    .reinterpretAsInts()
                                    .max(root.reinterpretAsInts().min(1).add(WHOLE_BITS))
                                    .convertShape(I2B, CODES, 0);
            if (FITS) {
                stored.intoMemorySegment(MEMORY, codes + j, ORDER);
            } else {
                stored.intoMemorySegment(MEMORY, codes + j, ORDER, PART);
            }
        }
    }
}
