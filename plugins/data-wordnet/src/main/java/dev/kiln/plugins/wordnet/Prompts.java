package dev.kiln.plugins.wordnet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses entries for a model to write: words that people know. A word with many senses is a common
 * one (Zipf, 1945), so those with the most entries of a part of speech are taken.
 */
final class Prompts {
    private static final Pattern PLAIN = Pattern.compile("[a-z]{4,10}");

    private static final Map<PartOfSpeech, Integer> WANTED = new LinkedHashMap<>();

    static {
        WANTED.put(PartOfSpeech.NOUN, 3);
        WANTED.put(PartOfSpeech.VERB, 2);
        WANTED.put(PartOfSpeech.ADJECTIVE, 2);
        WANTED.put(PartOfSpeech.ADVERB, 1);
    }

    /** A headword as a part of speech, and how many entries it has. */
    private record Candidate(Entry entry, long entries) {
        private static final Comparator<Candidate> MOST_ENTRIES_FIRST =
                Comparator.comparingLong(Candidate::entries)
                        .reversed()
                        .thenComparing(candidate -> candidate.entry().prompt());
    }

    private Prompts() {}

    /** At most eight prompts of eight different headwords, always the same. */
    static List<String> choose(Stream<Entry> entries) {
        Map<String, List<Entry>> byPrompt =
                entries.filter(entry -> PLAIN.matcher(entry.headword()).matches())
                        .collect(Collectors.groupingBy(Entry::prompt));
        List<Entry> ranked =
                byPrompt.values().stream()
                        .map(same -> new Candidate(same.getFirst(), same.size()))
                        .sorted(Candidate.MOST_ENTRIES_FIRST)
                        .map(Candidate::entry)
                        .toList();
        List<Entry> chosen = new ArrayList<>();
        WANTED.forEach((partOfSpeech, count) -> take(ranked, partOfSpeech, count, chosen));
        return chosen.stream().map(Entry::prompt).toList();
    }

    private static void take(
            List<Entry> ranked, PartOfSpeech partOfSpeech, int count, List<Entry> chosen) {
        Set<String> taken = chosen.stream().map(Entry::headword).collect(Collectors.toSet());
        ranked.stream()
                .filter(entry -> entry.partOfSpeech() == partOfSpeech)
                .filter(entry -> !taken.contains(entry.headword()))
                .limit(count)
                .forEach(chosen::add);
    }
}
