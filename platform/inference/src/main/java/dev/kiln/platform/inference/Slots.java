package dev.kiln.platform.inference;

import dev.kiln.platform.inference.Pass.Asked;
import dev.kiln.spi.backend.KvCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Who has which sequence of the cache. A request takes the free slot that holds most of what it
 * begins with, copies what another slot holds more, and waits where another one is about to read at
 * least half of the rest: so samples of one prompt, and questions behind the same solved examples,
 * read it once.
 */
final class Slots {
    private final KvCache cache;

    /** The one that has been free for the longest time comes first. */
    private final List<Slot> free;

    /** In the order in which they have joined. */
    private final List<Slot> busy = new ArrayList<>();

    Slots(KvCache cache) {
        this.cache = cache;
        this.free = new ArrayList<>();
        IntStream.range(0, cache.sequences()).mapToObj(Slot::new).forEach(free::add);
    }

    /** Those that have tokens for the next pass, in the order in which they have joined. */
    List<Slot> reading() {
        return busy.stream().filter(slot -> slot.source().isEmpty()).toList();
    }

    /** Frees the slots of what has ended or was cancelled. */
    void release() {
        List<Slot> left =
                busy.stream()
                        .filter(slot -> slot.sequence().ended() || slot.sequence().cancelled())
                        .toList();
        busy.removeAll(left);
        left.forEach(Slot::stopWaiting);
        free.addAll(left);
    }

    /** Lets requests join while there are free slots. */
    void admit(Queue<Sequence> queue) {
        while (!free.isEmpty() && !queue.isEmpty()) {
            Sequence next = queue.remove();
            if (!next.cancelled()) {
                join(next);
            }
        }
    }

    private void join(Sequence next) {
        Slot slot = holdingMost(free.stream(), next);
        Slot other = holdingMost(Stream.concat(free.stream(), busy.stream()), next);
        int held = other.held(next);
        slot.give(next);
        if (held > next.cached()) {
            copy(other, slot, held);
        }
        awaitReader(slot);
        free.remove(slot);
        busy.add(slot);
    }

    /** The first of those that hold most of what a request begins with. */
    private static Slot holdingMost(Stream<Slot> slots, Sequence next) {
        return slots.reduce((best, slot) -> slot.held(next) > best.held(next) ? slot : best)
                .orElseThrow();
    }

    /** Waits for the slot that reads most of what is left to read here, if that is half of it. */
    private void awaitReader(Slot slot) {
        Sequence next = slot.sequence();
        Slot best = slot;
        int most = next.cached();
        for (Slot reader : reading()) {
            int shared = reader.sequence().tokens().shared(next.tokens());
            int goal = Math.min(shared, next.askedFrom() + 1);
            if (goal > most && reader.sequence().cached() < goal) {
                best = reader;
                most = goal;
            }
        }
        if (2 * (most - next.cached()) >= next.pending()) {
            slot.await(best, most);
        }
    }

    /**
     * Gives those that wait what they wait for, where it has been read or its reader has left.
     *
     * @param asked of the pass that has just read it; where a slot would ask for the logits of the
     *     same row, it is added instead of being read again
     */
    void share(List<Asked> asked) {
        for (Slot slot : busy) {
            slot.source()
                    .filter(source -> slot.isServed() || !busy.contains(source))
                    .ifPresent(source -> serve(source, slot, asked));
        }
    }

    private void serve(Slot from, Slot to, List<Asked> asked) {
        Sequence next = to.sequence();
        to.stopWaiting();
        Optional<Asked> same =
                asked.stream().filter(one -> isLastOf(next, one, from.sequence())).findFirst();
        copy(from, to, same.isPresent() ? next.tokens().positions() : from.held(next));
        same.ifPresent(one -> asked.add(new Asked(one.row(), next, one.position())));
    }

    /** Whether a row of a reader is also that of another's last token, after the same ones. */
    private static boolean isLastOf(Sequence next, Asked one, Sequence reader) {
        int positions = next.tokens().positions();
        return one.sequence() == reader
                && one.position() == positions - 1
                && next.askedFrom() == positions - 1
                && reader.tokens().shared(next.tokens()) == positions;
    }

    private void copy(Slot from, Slot to, int end) {
        int begin = to.sequence().cached();
        if (end > begin) {
            cache.setLength(from.index(), from.sequence().cached());
            cache.setLength(to.index(), begin);
            cache.copy(from.index(), to.index(), begin, end);
            to.sequence().setCached(end);
        }
    }
}
