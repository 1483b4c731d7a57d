package dev.kiln.plugins.wordnet;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a gloss consists of.
 *
 * @param usage the first quoted example, without its quotes
 */
record Gloss(String definition, Optional<String> usage) {
    private static final Pattern EXAMPLE = Pattern.compile("[;:] \"([^\"]+)\"");

    static Gloss parse(String gloss) {
        Matcher example = EXAMPLE.matcher(gloss);
        return example.find()
                ? new Gloss(gloss.substring(0, example.start()), Optional.of(example.group(1)))
                : new Gloss(gloss, Optional.empty());
    }
}
