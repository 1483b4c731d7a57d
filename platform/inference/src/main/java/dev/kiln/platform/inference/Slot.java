package dev.kiln.platform.inference;

import java.util.Optional;

/** One sequence of the cache, and the request that has it, or had it last. */
final class Slot {
    private final int index;
    private Optional<Sequence> holder = Optional.empty();
    private Optional<Slot> source = Optional.empty();
    private int awaited;

    Slot(int index) {
        this.index = index;
    }

    /** Of the cache's sequence. */
    int index() {
        return index;
    }

    /** The request; its keys and values stay when it has left. */
    Sequence sequence() {
        return holder.orElseThrow();
    }

    /** Gives the slot to a request, which goes on from what the slot holds of it. */
    void give(Sequence next) {
        next.setCached(held(next));
        holder = Optional.of(next);
    }

    /** How many positions that a request begins with are held here. */
    int held(Sequence next) {
        return holder.map(sequence -> sequence.cachedOf(next)).orElse(0);
    }

    /** Lets it wait until another slot has read what both begin with. */
    void await(Slot slot, int positions) {
        source = Optional.of(slot);
        awaited = positions;
    }

    /** The slot that it waits for. */
    Optional<Slot> source() {
        return source;
    }

    /** Whether the slot that it waits for has read enough. */
    boolean isServed() {
        return source.orElseThrow().sequence().cached() >= awaited;
    }

    void stopWaiting() {
        source = Optional.empty();
    }
}
