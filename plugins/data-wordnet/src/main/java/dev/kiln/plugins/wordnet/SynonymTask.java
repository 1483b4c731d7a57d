package dev.kiln.plugins.wordnet;

import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Is a word another one of the synset of a defined word? One that is not is another one of another
 * synset. Neither shares a word with the entry, so spelling tells little and meaning must. Examples
 * come in fours, two definitions by two words, so each text is right as often as wrong. Any part may
 * name any word as another one; only the defined words belong to one.
 */
final class SynonymTask extends WordNetTask {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    SynonymTask(WordNetTaskOptions options) {
        super(options);
    }

    @Override
    public TaskKind kind() {
        return TaskKind.SIMILARITY;
    }

    @Override
    public List<String> fields() {
        return List.of("entry", "word");
    }

    @Override
    public List<String> labels() {
        return List.of("different", "same");
    }

    @Override
    public Prompt prompt() {
        return Prompt.of("{entry}; {word}:", "false", "true");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY, Metric.F1, Metric.MATTHEWS);
    }

    @Override
    List<List<Example>> groups(Lexicon lexicon, List<Synset> synsets) {
        List<Synset> telling =
                synsets.stream()
                        .filter(synset -> synset.synonym().isPresent())
                        .filter(synset -> apart(synset, synset))
                        .toList();
        return Pair.of(telling, this::group, SynonymTask::differ).stream()
                .map(pair -> pair.crossed(SynonymTask::example))
                .toList();
    }

    private static boolean differ(Synset a, Synset b) {
        return Collections.disjoint(a.words(), b.words()) && apart(a, b) && apart(b, a);
    }

    /** Whether another word of one synset has no word in common with the entry of the other. */
    private static boolean apart(Synset defined, Synset other) {
        return Collections.disjoint(words(defined.defined()), words(other.synonym().orElseThrow()));
    }

    private static Set<String> words(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    private static Example example(Synset defined, Synset other) {
        return example(
                defined.id() + "/" + other.id(),
                List.of(defined.defined(), other.synonym().orElseThrow()),
                defined == other ? 1 : 0);
    }
}
