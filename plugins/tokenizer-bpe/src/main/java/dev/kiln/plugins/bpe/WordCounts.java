package dev.kiln.plugins.bpe;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import java.util.stream.Stream;

/** How often each word of a corpus occurs. Used by one thread. */
final class WordCounts {
    private static final class Count {
        long value;
    }

    private final Map<String, Count> counts = new HashMap<>();

    /** Counts the words of documents, one document after the other. */
    static WordCounts of(Stream<String> documents) {
        WordCounts counts = new WordCounts();
        documents.forEachOrdered(counts::add);
        return counts;
    }

    private void add(String document) {
        for (int from = 0; from < document.length(); ) {
            int to = WordSplit.end(document, from);
            counts.computeIfAbsent(document.substring(from, to), word -> new Count()).value++;
            from = to;
        }
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    void forEach(ObjLongConsumer<String> action) {
        counts.forEach((word, count) -> action.accept(word, count.value));
    }
}
