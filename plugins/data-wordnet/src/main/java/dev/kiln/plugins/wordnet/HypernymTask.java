package dev.kiln.plugins.wordnet;

import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import java.util.List;

/**
 * Does it follow from a noun's definition that it is a kind of something? What it is not a kind of is
 * what another noun is a kind of. Examples come in fours, two nouns by two kinds, so
 * each premise and each kind is right as often as wrong, and neither tells the answer alone. Kinds
 * are named in hypotheses of every part; only premises belong to one.
 */
final class HypernymTask extends WordNetTask {

    /** A noun and what it is a kind of. */
    private record Line(Synset noun, Synset kind) {
        /** Whether the noun has another name than its kind. */
        boolean telling() {
            return !noun.words().contains(Headwords.key(kind.headword()));
        }

        boolean isA(Line other, Lexicon lexicon) {
            return lexicon.isA(noun, Headwords.key(other.kind.headword()));
        }
    }

    HypernymTask(WordNetTaskOptions options) {
        super(options);
    }

    @Override
    public TaskKind kind() {
        return TaskKind.ENTAILMENT;
    }

    @Override
    public List<String> fields() {
        return List.of("premise", "hypothesis");
    }

    @Override
    public List<String> labels() {
        return List.of("not entailment", "entailment");
    }

    @Override
    public Prompt prompt() {
        return Prompt.of("{premise}; {hypothesis}:", "false", "true");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY, Metric.F1, Metric.MATTHEWS);
    }

    @Override
    List<List<Example>> groups(Lexicon lexicon, List<Synset> synsets) {
        List<Line> lines =
                synsets.stream()
                        .filter(synset -> synset.entry().partOfSpeech() == PartOfSpeech.NOUN)
                        .flatMap(
                                noun ->
                                        lexicon
                                                .kind(noun)
                                                .map(kind -> new Line(noun, kind))
                                                .stream())
                        .filter(Line::telling)
                        .toList();
        return Pair.of(
                        lines,
                        line -> group(line.noun()),
                        (a, b) -> !a.isA(b, lexicon) && !b.isA(a, lexicon))
                .stream()
                .map(pair -> pair.crossed(HypernymTask::example))
                .toList();
    }

    private static Example example(Line premise, Line hypothesis) {
        Synset noun = premise.noun();
        Synset kind = hypothesis.kind();
        return example(
                noun.id() + "/" + kind.id(),
                List.of(noun.defined(), noun.headword() + " is a kind of " + kind.headword()),
                premise == hypothesis ? 1 : 0);
    }
}
