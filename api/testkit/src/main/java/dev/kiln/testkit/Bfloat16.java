package dev.kiln.testkit;

/** The numbers of 8 significant bits and float32's exponents. */
final class Bfloat16 {
    private Bfloat16() {}

    /** The nearest one; of two, the one whose last bit is 0. */
    static double nearest(double value) {
        if (Double.isNaN(value)) {
            return value;
        }
        int bits = toOdd(value);
        int lastKept = (bits >>> 16) & 1;
        return widen((short) ((bits + 0x7fff + lastKept) >>> 16));
    }

    /**
     * A float's bits: cut off towards 0, the last bit set if anything was lost. Rounding to nearest
     * twice would be wrong beside a tie.
     */
    private static int toOdd(double value) {
        float nearest = (float) value;
        int bits = Float.floatToRawIntBits(nearest);
        if (nearest == value) {
            return bits;
        }
        return (Math.abs(nearest) > Math.abs(value) ? bits - 1 : bits) | 1;
    }

    /** Distance from one number to the next larger in magnitude. */
    static double ulp(double value) {
        return 0x1p16 * Math.ulp((float) value);
    }

    static float widen(short stored) {
        return Float.intBitsToFloat(stored << 16);
    }

    /** Of a value that is one of these numbers. */
    static short narrow(double value) {
        return (short) (Float.floatToIntBits((float) value) >>> 16);
    }
}
