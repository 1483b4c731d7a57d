package dev.kiln.plugins.wordnet;

import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import java.util.List;

/**
 * Are a defined word and a quoted usage of the same synset? The usage may be of any of its synonyms.
 * One that is not of it is of another synset of the same category. Examples come in fours, two
 * definitions by two usages, so each text is right as often as wrong.
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
        return List.of("entry", "usage");
    }

    @Override
    public List<String> labels() {
        return List.of("different", "same");
    }

    @Override
    public Prompt prompt() {
        return Prompt.of("{entry}; {usage}:", "false", "true");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY, Metric.F1, Metric.MATTHEWS);
    }

    @Override
    List<List<Example>> groups(Lexicon lexicon, List<Synset> synsets) {
        List<Synset> used =
                synsets.stream().filter(synset -> synset.gloss().usage().isPresent()).toList();
        return Pair.of(used, synset -> synset.category().label(), SynonymTask::differ).stream()
                .map(pair -> pair.crossed(SynonymTask::example))
                .toList();
    }

    private static boolean differ(Synset a, Synset b) {
        return !a.definition().equals(b.definition())
                && !a.gloss().usage().equals(b.gloss().usage());
    }

    private static Example example(Synset defined, Synset used) {
        return example(
                defined.id() + "/" + used.id(),
                List.of(defined.defined(), '"' + used.gloss().usage().orElseThrow() + '"'),
                defined == used ? 1 : 0);
    }
}
