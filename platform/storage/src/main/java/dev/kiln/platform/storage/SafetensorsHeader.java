package dev.kiln.platform.storage;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The header of a safetensors file: what its tensors are and where they lie. Immutable.
 *
 * @param tensors by name, in the header's order
 * @param metadata the strings under {@code __metadata__}
 */
record SafetensorsHeader(SequencedMap<String, StoredTensor> tensors, Map<String, String> metadata) {
    static final String METADATA = "__metadata__";

    /** Bytes of a header at most, as in the format's own implementation. */
    static final long MAX_BYTES = 100_000_000;

    /** Tensors of a file at most; the largest published models have some thousands. */
    static final int MAX_TENSORS = 1_000_000;

    /** Bytes in front of the header that hold its length. */
    static final int LENGTH_BYTES = 8;

    SafetensorsHeader {
        tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
}
