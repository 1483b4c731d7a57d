package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.spread;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Functions of whole vectors, with a relative error of some 1e-7 where nothing else is said. */
final class VectorMath {
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = (float) Math.log(2);
    private static final float LN2_LOW = (float) (Math.log(2) - (float) Math.log(2));

    /** Added to a small number it leaves the nearest integer in the low bits of the sum. */
    private static final float ROUNDER = 0x1.8p23f;

    private static final float SMALLEST = -87.3f;
    private static final float LARGEST = 88.0f;

    private static final float ROOT_2_OVER_PI = (float) Math.sqrt(2 / Math.PI);
    private static final float CUBIC = 0.044715f;
    private static final float ROOT_HALF = (float) Math.sqrt(0.5);
    private static final float DENSITY = (float) (1 / Math.sqrt(2 * Math.PI));

    private VectorMath() {}

    /**
     * e^x as 2^n e^r with |r| ≤ ln 2 / 2 and eight terms of the series, whose rest is below 6e-9.
     * Below -87.3 the result stays 1.2e-38, above 88 it stays 1.7e38; NaN stays NaN.
     */
    static FloatVector exp(FloatVector x) {
        FloatVector y = x.blend(SMALLEST, x.compare(VectorOperators.LT, SMALLEST));
        y = y.blend(LARGEST, y.compare(VectorOperators.GT, LARGEST));
        FloatVector shifted = y.fma(spread(LOG2_E), spread(ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(spread(-LN2_LOW), n.fma(spread(-LN2_HIGH), y));
        FloatVector p = spread(1f / 5040).fma(r, spread(1f / 720));
        p = p.fma(r, spread(1f / 120));
        p = p.fma(r, spread(1f / 24));
        p = p.fma(r, spread(1f / 6));
        p = p.fma(r, spread(0.5f));
        p = p.fma(r, spread(1f));
        p = p.fma(r, spread(1f));
        IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return p.reinterpretAsInts().add(power).reinterpretAsFloats();
    }

    /** x / (1 + e^(-2u)), u = √(2/π) (x + 0.044715 x³): the same as the form with tanh. */
    static FloatVector geluTanh(FloatVector x) {
        return x.div(exp(minusTwoU(x, x.mul(x))).add(1f));
    }

    /** With s = 1 / (1 + e^(-2u)): s + x s (1 - s) 2u'. */
    static FloatVector geluTanhSlope(FloatVector x) {
        FloatVector square = x.mul(x);
        FloatVector s = spread(1f).div(exp(minusTwoU(x, square)).add(1f));
        FloatVector twiceU =
                square.fma(spread(6 * CUBIC * ROOT_2_OVER_PI), spread(2 * ROOT_2_OVER_PI));
        return x.mul(s).mul(spread(1f).sub(s)).fma(twiceU, s);
    }

    private static FloatVector minusTwoU(FloatVector x, FloatVector square) {
        return square.fma(spread(-2 * CUBIC * ROOT_2_OVER_PI), spread(-2 * ROOT_2_OVER_PI)).mul(x);
    }

    /** x Φ(x), with an absolute error of Φ below 1e-7. */
    static FloatVector geluErf(FloatVector x) {
        return x.mul(normal(x, exp(x.mul(x).mul(-0.5f))));
    }

    /** Φ(x) + x φ(x). */
    static FloatVector geluErfSlope(FloatVector x) {
        FloatVector bell = exp(x.mul(x).mul(-0.5f));
        return x.mul(DENSITY).fma(bell, normal(x, bell));
    }

    /**
     * Φ(x) = 1 - erfc(x / √2) / 2 by Abramowitz and Stegun 7.1.26, given e^(-x²/2). Small values of
     * Φ keep their digits, because the tail itself is what is computed.
     */
    private static FloatVector normal(FloatVector x, FloatVector bell) {
        FloatVector t = spread(1f).div(x.abs().mul(ROOT_HALF).fma(spread(0.3275911f), spread(1f)));
        FloatVector p = spread(1.061405429f).fma(t, spread(-1.453152027f));
        p = p.fma(t, spread(1.421413741f));
        p = p.fma(t, spread(-0.284496736f));
        p = p.fma(t, spread(0.254829592f));
        FloatVector tail = p.mul(t).mul(bell).mul(0.5f);
        return spread(1f).sub(tail).blend(tail, x.compare(VectorOperators.LT, 0f));
    }
}
