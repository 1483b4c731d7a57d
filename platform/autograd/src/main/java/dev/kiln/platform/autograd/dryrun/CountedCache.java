package dev.kiln.platform.autograd.dryrun;

import dev.kiln.spi.backend.KvCache;

/**
 * A cache without keys and values, of which only the size counts. It stays empty: a plan generates
 * nothing, and setting a length and copying throw {@link UnsupportedOperationException}.
 */
record CountedCache(int layers, int sequences, int capacity, int width) implements KvCache {

    @Override
    public int length(int sequence) {
        return 0;
    }

    @Override
    public void setLength(int sequence, int length) {
        throw new UnsupportedOperationException("nothing is generated while a run is planned");
    }

    @Override
    public CountedCache select(int... sequences) {
        return new CountedCache(layers, sequences.length, capacity, width);
    }

    @Override
    public void copy(int from, int to, int begin, int end) {
        throw new UnsupportedOperationException("nothing is generated while a run is planned");
    }
}
