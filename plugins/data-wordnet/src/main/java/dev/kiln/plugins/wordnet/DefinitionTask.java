package dev.kiln.plugins.wordnet;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which of four definitions is one of a word? The other three are of other words of the same part of
 * speech, of the same category as far as that is asked for and the part has any. None is also a
 * definition of the word, and every place is as likely to be the right one.
 */
final class DefinitionTask extends WordNetTask {
    private static final int CHOICES = 4;

    DefinitionTask(WordNetTaskOptions options) {
        super(options);
    }

    @Override
    public TaskKind kind() {
        return TaskKind.MULTIPLE_CHOICE;
    }

    @Override
    public List<String> fields() {
        return List.of("word");
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public Prompt prompt() {
        return Prompt.of("{word}");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY);
    }

    @Override
    List<List<Example>> groups(Lexicon lexicon, List<Synset> synsets) {
        Map<String, Set<String>> definitions = definitions(lexicon);
        Map<String, List<Synset>> groups =
                synsets.stream().collect(Collectors.groupingBy(this::group));
        Map<PartOfSpeech, List<Synset>> byPartOfSpeech =
                synsets.stream()
                        .collect(Collectors.groupingBy(synset -> synset.entry().partOfSpeech()));
        return synsets.stream()
                .flatMap(
                        synset ->
                                example(
                                        synset,
                                        definitions.get(Headwords.key(synset.headword())),
                                        groups.get(group(synset)),
                                        byPartOfSpeech.get(synset.entry().partOfSpeech()))
                                        .stream())
                .map(List::of)
                .toList();
    }

    /** All definitions of each word, by its key. */
    private static Map<String, Set<String>> definitions(Lexicon lexicon) {
        Map<String, Set<String>> definitions = new HashMap<>();
        for (Synset synset : lexicon.where(_ -> true)) {
            for (String word : synset.words()) {
                definitions.computeIfAbsent(word, _ -> new HashSet<>(2)).add(synset.definition());
            }
        }
        return definitions;
    }

    /** None when there are fewer than three definitions beside it. */
    private Optional<Example> example(
            Synset synset, Set<String> right, List<Synset> near, List<Synset> far) {
        long key = key(synset.id());
        List<String> wrong =
                Stream.concat(fromAnywhere(near, key, 1), fromAnywhere(far, key, 2))
                        .map(Synset::definition)
                        .filter(definition -> !right.contains(definition))
                        .distinct()
                        .limit(CHOICES - 1)
                        .toList();
        if (wrong.size() < CHOICES - 1) {
            return Optional.empty();
        }
        int place = (int) Randomness.below(key, 3, CHOICES);
        List<String> choices = new ArrayList<>(wrong);
        choices.add(place, synset.definition());
        return Optional.of(
                new Example(
                        synset.id(),
                        List.of(synset.entry().prompt()),
                        choices,
                        new Answer.Choice(place)));
    }

    /** All of a shuffled list, once around from a place that is drawn. */
    private static Stream<Synset> fromAnywhere(List<Synset> synsets, long key, int counter) {
        int start = (int) Randomness.below(key, counter, synsets.size());
        return IntStream.range(start, start + synsets.size())
                .mapToObj(place -> synsets.get(place % synsets.size()));
    }
}
