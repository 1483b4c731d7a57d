package dev.kiln.plugins.wordnet;

import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import java.util.List;
import java.util.stream.Stream;

/**
 * A document for each synset, {@code headword (part of speech): definition; "example"}, in WordNet's
 * order. Entries are held out by their headword in lower case, whatever the seed, so no headword is
 * on both sides. Immutable and thread-safe.
 *
 * @param heldOut share of the headwords that is held out on average, in [0, 1)
 */
record WordNet(double heldOut, Order order) implements TextSource {

    @Override
    public Stream<String> documents(Split split) {
        return entries(split).map(Entry::document);
    }

    /** Beginnings of entries whose headwords are held out. */
    @Override
    public List<String> prompts() {
        try (Stream<Entry> entries = entries(Split.HELD_OUT)) {
            return Prompts.choose(entries);
        }
    }

    private Stream<Entry> entries(Split split) {
        return Entries.stream().filter(entry -> split(entry.headword()) == split);
    }

    private Split split(String headword) {
        return Headwords.place(headword) < heldOut ? Split.HELD_OUT : Split.TRAIN;
    }
}
