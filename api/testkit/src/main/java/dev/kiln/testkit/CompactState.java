package dev.kiln.testkit;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.CompactMoment;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** A weight with moments of one byte an element, on the backend of a kit. */
record CompactState(Kit kit, Weight weight, CompactMoment first, CompactMoment second) {

    /** Moments that are zero. */
    static CompactState zero(Kit kit, String name, int size) {
        Weight weight = kit.weight(name, size);
        return new CompactState(kit, weight, zeros(kit, size), zeros(kit, size));
    }

    private static CompactMoment zeros(Kit kit, int size) {
        return moment(kit, new byte[size], new float[CompactOptimization.blocks(size)]);
    }

    /** Moments as they are in the middle of a run: codes of all sizes, scales around 1. */
    static CompactState random(Kit kit, String name, int size) {
        Weight weight = kit.weight(name, size);
        return new CompactState(
                kit,
                weight,
                random(kit, name + " first", 1, size),
                random(kit, name + " second", 40, size));
    }

    private static CompactMoment random(Kit kit, String name, int lowest, int size) {
        long key = Randomness.key(22, name);
        byte[] codes = new byte[size];
        for (int i = 0; i < size; i++) {
            codes[i] = (byte) (lowest + Randomness.below(key, i, 256 - lowest));
        }
        float[] scales = Kit.normals(name, CompactOptimization.blocks(size));
        for (int i = 0; i < scales.length; i++) {
            scales[i] = 0.5f + Math.abs(scales[i]);
        }
        return moment(kit, codes, scales);
    }

    private static CompactMoment moment(Kit kit, byte[] codes, float[] scales) {
        Tensor stored = kit.scope().allocate(DType.UINT8, Shape.of(codes.length));
        kit.backend().upload(stored, MemorySegment.ofArray(codes));
        return new CompactMoment(stored, kit.floats(scales, scales.length));
    }

    void update(AdamWStep step) {
        kit.backend().adamWCompact(List.of(weight), List.of(first), List.of(second), step);
    }

    int[] firstCodes() {
        return codes(first);
    }

    int[] secondCodes() {
        return codes(second);
    }

    private int[] codes(CompactMoment moment) {
        byte[] codes = new byte[Math.toIntExact(moment.codes().shape().size())];
        kit.backend().download(MemorySegment.ofArray(codes), moment.codes());
        int[] values = new int[codes.length];
        Arrays.setAll(values, i -> codes[i] & 0xff);
        return values;
    }

    double[] firstValues() {
        return values(first, firstCodes(), true);
    }

    double[] secondValues() {
        return values(second, secondCodes(), false);
    }

    private double[] values(CompactMoment moment, int[] codes, boolean signed) {
        double[] scales = kit.values(moment.scales());
        double[] values = new double[codes.length];
        Arrays.setAll(
                values,
                i ->
                        scales[i / CompactMoment.BLOCK]
                                * CompactOptimization.decoded(codes[i], signed));
        return values;
    }
}
