package dev.kiln.plugins.wordnet;

import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import java.util.Collections;
import java.util.List;

/**
 * Is a word another one of the synset of a defined word? One that is not is another one of another
 * synset. Examples come in fours, two definitions by two words, so each text is right as often as
 * wrong. Any part may name any word as another one; only the defined words belong to one.
 */
final class SynonymTask extends WordNetTask {

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
        List<Synset> several =
                synsets.stream().filter(synset -> synset.synonym().isPresent()).toList();
        return Pair.of(several, this::group, SynonymTask::differ).stream()
                .map(pair -> pair.crossed(SynonymTask::example))
                .toList();
    }

    private static boolean differ(Synset a, Synset b) {
        return Collections.disjoint(a.words(), b.words());
    }

    private static Example example(Synset defined, Synset other) {
        return example(
                defined.id() + "/" + other.id(),
                List.of(defined.defined(), other.synonym().orElseThrow()),
                defined == other ? 1 : 0);
    }
}
