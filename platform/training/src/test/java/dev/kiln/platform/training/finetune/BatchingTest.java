package dev.kiln.platform.training.finetune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.tasks.HeadExample;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchingTest {
    private static final int BATCH = 8;
    private static final List<HeadExample> EXAMPLES =
            IntStream.range(0, 1_003)
                    .mapToObj(
                            n -> new HeadExample("" + n, List.of(new int[1 + n * 37 % 101]), n % 2))
                    .toList();

    private static List<List<HeadExample>> batches(int epoch) {
        return new Batching(BATCH, 5).batches(EXAMPLES, epoch);
    }

    @Test
    void everyExampleIsInOneBatchOfAnEpoch() {
        List<List<HeadExample>> batches = batches(1);
        assertEquals(Math.ceilDiv(EXAMPLES.size(), BATCH), batches.size());
        List<HeadExample> all = batches.stream().flatMap(Collection::stream).toList();
        assertEquals(EXAMPLES.size(), all.size());
        assertEquals(new HashSet<>(EXAMPLES), new HashSet<>(all));
    }

    @Test
    void theOrderIsThatOfSeedAndEpoch() {
        assertEquals(batches(1), batches(1));
        assertNotEquals(batches(1), batches(2));
        assertNotEquals(batches(1), new Batching(BATCH, 6).batches(EXAMPLES, 1));
    }

    @Test
    void batchesAreFilledUpWithLittle() {
        long tokens = EXAMPLES.stream().mapToLong(HeadExample::tokens).sum();
        long filled =
                batches(1).stream()
                        .mapToLong(
                                batch ->
                                        batch.size()
                                                * (long)
                                                        batch.stream()
                                                                .mapToInt(HeadExample::longest)
                                                                .max()
                                                                .orElseThrow())
                        .sum();
        assertTrue(filled < 1.1 * tokens, filled + " places for " + tokens + " tokens");
    }
}
