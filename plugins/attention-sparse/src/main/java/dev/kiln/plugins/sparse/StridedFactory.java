package dev.kiln.plugins.sparse;

import dev.kiln.spi.Context;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.AttentionPatternFactory;
import org.pf4j.Extension;

/**
 * {@code strided} of the Sparse Transformer (Child et al., 2019, sections 4.2 and 4.3): position i
 * sees the last {@code stride} positions, its own among them ({@code local}), and every j with
 * {@code (i - j) mod stride == 0} ({@code summary}). {@code both} is their union, section 4.3's
 * merged head; a cycle of layers, one with {@code local} and one with {@code summary}, is its
 * interleaved form.
 *
 * <p>The paper's local set begins at i - stride, one earlier. That position is in its summary set
 * too, so the union is the paper's; {@code local} alone is the band that GPT-3 has.
 */
@Extension
public final class StridedFactory implements AttentionPatternFactory<StridedOptions> {

    @Override
    public String name() {
        return "strided";
    }

    @Override
    public Class<StridedOptions> options() {
        return StridedOptions.class;
    }

    @Override
    public AttentionPattern create(StridedOptions options, Context context) {
        int stride = options.stride();
        return switch (Part.of(options.part())) {
            case LOCAL -> Rows.pattern((rows, i) -> rows.span(near(i, stride), i + 1));
            case SUMMARY -> Rows.pattern((rows, i) -> withFar(rows, i, stride, i));
            case BOTH -> Rows.pattern((rows, i) -> withFar(rows, i, stride, near(i, stride)));
        };
    }

    private static int near(int position, int stride) {
        return Math.max(0, position + 1 - stride);
    }

    /** Every stride-th position that lies before {@code from}, then all from there on. */
    private static void withFar(Rows rows, int position, int stride, int from) {
        for (int j = position % stride; j < from; j += stride) {
            rows.span(j, j + 1);
        }
        rows.span(from, position + 1);
    }
}
