package dev.kiln.plugins.bpe;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.stream.Stream;

/** How often each word of a corpus occurs. Used by one thread. */
final class WordCounts {
    private static final class Count {
        long value;
    }

    private final Map<String, Count> counts = new HashMap<>();

    /**
     * Counts the words of documents, one document after the other.
     *
     * @param split gives each word of a document to its second argument
     */
    static WordCounts of(Stream<String> documents, BiConsumer<String, Consumer<String>> split) {
        WordCounts counts = new WordCounts();
        documents.forEachOrdered(document -> split.accept(document, counts::add));
        return counts;
    }

    private void add(String word) {
        counts.computeIfAbsent(word, any -> new Count()).value++;
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    void forEach(ObjLongConsumer<String> action) {
        counts.forEach((word, count) -> action.accept(word, count.value));
    }
}
