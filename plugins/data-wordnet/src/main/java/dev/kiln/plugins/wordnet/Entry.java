package dev.kiln.plugins.wordnet;

import java.util.regex.Pattern;

/**
 * One synset of WordNet, under its first word.
 *
 * @param headword as it is written, with spaces
 * @param gloss {@code definition; "example"; "example"}
 */
record Entry(String headword, PartOfSpeech partOfSpeech, String gloss) {
    /** Where an adjective may stand: predicative, before a noun, after a noun. */
    private static final Pattern MARKER = Pattern.compile("\\((?:p|a|ip)\\)$");

    /**
     * Parses a line of a data file, whose format is {@code wndb(5WN)}: {@code offset file type
     * count word …}, and the gloss behind a bar. Words have underscores for spaces.
     *
     * @throws IllegalArgumentException when the line is not of this format
     */
    static Entry parse(String line, PartOfSpeech partOfSpeech) {
        int start = 0;
        for (int field = 0; field < 4; field++) {
            start = line.indexOf(' ', start) + 1;
        }
        int end = line.indexOf(' ', start);
        int bar = line.indexOf("| ", end);
        if (end < 0 || bar < 0) {
            throw new IllegalArgumentException("not a line of WordNet's data files: " + line);
        }
        String headword = headword(line.substring(start, end));
        return new Entry(headword, partOfSpeech, line.substring(bar + 2).strip());
    }

    /** A word as people write it. */
    static String headword(String word) {
        String plain = word.endsWith(")") ? MARKER.matcher(word).replaceFirst("") : word;
        return plain.replace('_', ' ');
    }

    /** The document, {@code headword (part of speech): definition; "example"}. */
    String document() {
        return prompt() + " " + gloss;
    }

    /** The document's beginning, up to the colon. */
    String prompt() {
        return headword + " (" + partOfSpeech.word() + "):";
    }
}
