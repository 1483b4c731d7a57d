package dev.kiln.plugins.schedules;

import dev.kiln.spi.training.Progress;
import dev.kiln.spi.training.Schedule;
import java.util.function.DoubleUnaryOperator;

/**
 * A linear warm-up, then a decay. With position x (0 at the first step), stride n (what one step
 * adds to x: 1 where lengths are in steps), warm-up w, end e, the rate is
 *
 * <ul>
 *   <li>{@code peak · (x + n) / (w + n)} for x &lt; w: the first step is no wasted one of rate 0,
 *       and the peak comes at x = w (nanoGPT's form since 2024);
 *   <li>{@code least + decay((x - w) / (e - w)) · (peak - least)} for w ≤ x &lt; e;
 *   <li>{@code least} from e on.
 * </ul>
 *
 * @param decay from 1 at 0 to 0 at 1
 */
record WarmUpThenDecay(double peak, double least, Span span, DoubleUnaryOperator decay)
        implements Schedule {

    @Override
    public double learningRate(Progress progress) {
        double position = span.position(progress);
        double warmUp = span.warmUp();
        if (position < warmUp) {
            double stride = span.stride(progress);
            return peak * (position + stride) / (warmUp + stride);
        }
        double end = span.end(progress);
        if (position >= end) {
            return least;
        }
        return least + decay.applyAsDouble((position - warmUp) / (end - warmUp)) * (peak - least);
    }
}
