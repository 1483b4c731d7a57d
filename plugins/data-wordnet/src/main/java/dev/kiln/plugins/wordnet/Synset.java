package dev.kiln.plugins.wordnet;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An entry with all its words and what lies above it.
 *
 * @param id WordNet's offset and the part of speech, such as {@code 00003553-noun}
 * @param words keys of its words, the headword's among them
 * @param synonym its second word, as it is written
 * @param kinds ids of the synsets of which it is a kind
 * @param classes ids of the synsets of which it is an instance
 */
record Synset(
        Entry entry,
        Gloss gloss,
        String id,
        Category category,
        Set<String> words,
        Optional<String> synonym,
        List<String> kinds,
        List<String> classes) {

    /**
     * Parses a line of a data file: {@code offset category type count (word id)… count (pointer
     * offset type places)…}. The count of words is hexadecimal, the other decimal.
     *
     * @throws IllegalArgumentException when the line is not of this format
     */
    static Synset parse(String line, PartOfSpeech partOfSpeech) {
        Entry entry = Entry.parse(line, partOfSpeech);
        List<String> fields = List.of(line.substring(0, line.indexOf("| ")).split(" "));
        int pointers = 4 + 2 * Integer.parseInt(fields.get(3), 16);
        int end = pointers + 1 + 4 * Integer.parseInt(fields.get(pointers));
        return new Synset(
                entry,
                Gloss.parse(entry.gloss()),
                id(fields.getFirst(), partOfSpeech),
                Category.values()[Integer.parseInt(fields.get(1))],
                words(fields.subList(4, pointers)),
                synonym(fields.subList(4, pointers)),
                targets(fields.subList(pointers + 1, end), "@", partOfSpeech),
                targets(fields.subList(pointers + 1, end), "@i", partOfSpeech));
    }

    private static Optional<String> synonym(List<String> fields) {
        return every(2, fields).skip(1).mapToObj(fields::get).map(Entry::headword).findFirst();
    }

    private static Set<String> words(List<String> fields) {
        return every(2, fields)
                .mapToObj(word -> Headwords.key(Entry.headword(fields.get(word))))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What is above a synset is of the same part of speech. */
    private static List<String> targets(
            List<String> fields, String pointer, PartOfSpeech partOfSpeech) {
        return every(4, fields)
                .filter(field -> fields.get(field).equals(pointer))
                .mapToObj(field -> id(fields.get(field + 1), partOfSpeech))
                .toList();
    }

    private static IntStream every(int step, List<String> fields) {
        return IntStream.iterate(0, field -> field < fields.size(), field -> field + step);
    }

    private static String id(String offset, PartOfSpeech partOfSpeech) {
        return offset + "-" + partOfSpeech.word();
    }

    String headword() {
        return entry.headword();
    }

    String definition() {
        return gloss.definition();
    }

    /** {@code headword (part of speech): definition}, as its document in the corpus begins. */
    String defined() {
        return entry.prompt() + " " + definition();
    }
}
