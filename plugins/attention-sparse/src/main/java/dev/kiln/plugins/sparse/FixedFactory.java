package dev.kiln.plugins.sparse;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.AttentionPatternFactory;
import java.util.Locale;
import org.pf4j.Extension;

/**
 * {@code fixed} of the Sparse Transformer (Child et al., 2019, sections 4.2 and 4.3): position i
 * sees its own block of {@code stride} positions up to itself ({@code local}), and of every block
 * the last {@code summary} positions, as far as they aren't later ({@code summary}). {@code both} is
 * their union. To the summary part alone, which a position may be outside of, its own is added.
 */
@Extension
public final class FixedFactory implements AttentionPatternFactory<FixedOptions> {

    @Override
    public String name() {
        return "fixed";
    }

    @Override
    public Class<FixedOptions> options() {
        return FixedOptions.class;
    }

    /**
     * @throws InvalidInput when {@code summary} is larger than {@code stride}
     */
    @Override
    public AttentionPattern create(FixedOptions options, Context context) {
        int stride = options.stride();
        int summary = options.summary();
        if (summary > stride) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "attention: fixed.summary is %d, expected at most fixed.stride, which is %d",
                            summary,
                            stride));
        }
        return switch (Part.of(options.part())) {
            case LOCAL -> Rows.pattern((rows, i) -> rows.span(i - i % stride, i + 1));
            case SUMMARY ->
                    Rows.pattern(
                            (rows, i) -> {
                                int end = i - i % stride + stride - summary;
                                withEnds(rows, i, stride, summary, Math.min(i, end));
                            });
            case BOTH ->
                    Rows.pattern((rows, i) -> withEnds(rows, i, stride, summary, i - i % stride));
        };
    }

    /** The ends of all earlier blocks, then all from {@code from} on. */
    private static void withEnds(Rows rows, int position, int stride, int summary, int from) {
        for (int end = stride; end <= position - position % stride; end += stride) {
            rows.span(end - summary, end);
        }
        rows.span(from, position + 1);
    }
}
