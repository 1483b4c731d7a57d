package dev.kiln.platform.inference.generation;

import dev.kiln.platform.inference.DecoderSize;
import dev.kiln.platform.inference.Logits;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.models.MemoryCheck;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.model.ModelShape;
import java.util.List;
import java.util.Locale;
import java.util.function.LongPredicate;

/**
 * What writing needs beside the weights: keys and values of every sequence, and a pass's logits.
 *
 * @param type of keys and values
 * @param prompts number of prompts
 * @param samples continuations of each
 * @param longest prompt, in tokens
 */
record GenerationMemory(
        ModelShape shape, DType type, long prompts, long samples, long longest, long maxTokens) {

    /**
     * @param prompts their ids
     */
    static GenerationMemory of(
            GenerateOptions options, LanguageModel language, List<int[]> prompts) {
        return new GenerationMemory(
                language.model().shape(),
                language.precision().activations(),
                prompts.size(),
                options.samples(),
                prompts.stream().mapToInt(ids -> ids.length).max().orElse(0),
                options.maxTokens());
    }

    long bytes() {
        return bytes(samples, maxTokens);
    }

    private long bytes(long samples, long maxTokens) {
        long sequences = prompts * samples;
        long positions = Math.min(shape.context(), Math.max(1, longest) + maxTokens);
        long cache = sequences * DecoderSize.bytesOfSlot(shape, type, positions);
        long rows = Math.min(Logits.ROWS, sequences);
        return cache + rows * shape.vocabulary() * DType.FLOAT32.bytes();
    }

    /**
     * @throws dev.kiln.spi.InvalidInput when it needs more than there is; says what would fit
     */
    void require(long available) {
        MemoryCheck.require(
                String.format(Locale.ROOT, "writing %,d sequences", prompts * samples),
                bytes(),
                available,
                () -> remedy(available));
    }

    private String remedy(long available) {
        long fewer = most(samples, count -> bytes(count, maxTokens) <= available);
        long shorter = most(maxTokens, count -> bytes(samples, count) <= available);
        if (fewer == 0 && shorter == 0) {
            return "fewer prompts would fit";
        }
        return fewer == 0
                ? String.format(Locale.ROOT, "maxTokens=%d would fit", shorter)
                : shorter == 0
                        ? String.format(Locale.ROOT, "samples=%d would fit", fewer)
                        : String.format(
                                Locale.ROOT,
                                "samples=%d or maxTokens=%d would fit",
                                fewer,
                                shorter);
    }

    /** The largest number up to a limit that is good, if all below a good one are; 0 for none. */
    private static long most(long limit, LongPredicate isGood) {
        long good = 0;
        long bad = limit + 1;
        while (bad - good > 1) {
            long middle = good + (bad - good) / 2;
            if (isGood.test(middle)) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        return good;
    }
}
