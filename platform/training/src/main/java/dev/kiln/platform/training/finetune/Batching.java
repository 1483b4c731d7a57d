package dev.kiln.platform.training.finetune;

import dev.kiln.platform.tasks.HeadExample;
import dev.kiln.spi.Randomness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts examples into batches, in another order in each epoch. Sequences of a batch are filled up to
 * its longest one, so examples of like length go together: those of every {@value #WINDOW} batches of
 * the order are sorted by length before they are cut.
 *
 * @param batch examples of a batch; the last one of an epoch may have fewer
 */
record Batching(int batch, long seed) {
    private static final int WINDOW = 50;
    private static final long EXAMPLES = 0x0D3;
    private static final long BATCHES = 0x0D4;

    List<List<HeadExample>> batches(List<HeadExample> examples, int epoch) {
        List<HeadExample> order = new ArrayList<>(examples);
        shuffle(order, Randomness.key(seed, EXAMPLES, epoch));
        List<List<HeadExample>> batches = new ArrayList<>();
        for (List<HeadExample> window : cut(order, WINDOW * batch)) {
            window.sort(Comparator.comparingInt(HeadExample::longest));
            batches.addAll(cut(window, batch));
        }
        shuffle(batches, Randomness.key(seed, BATCHES, epoch));
        return batches;
    }

    private static <T> List<List<T>> cut(List<T> things, int size) {
        List<List<T>> pieces = new ArrayList<>();
        for (int from = 0; from < things.size(); from += size) {
            pieces.add(things.subList(from, Math.min(from + size, things.size())));
        }
        return pieces;
    }

    private static <T> void shuffle(List<T> things, long key) {
        for (int i = things.size() - 1; i > 0; i--) {
            Collections.swap(things, i, (int) Randomness.below(key, i, i + 1L));
        }
    }
}
