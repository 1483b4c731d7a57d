package dev.kiln.plugins.wordnet;

import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What does a word mean? There is an example for each of its definitions, which accepts the others as
 * well.
 */
final class DefineTask extends WordNetTask {

    DefineTask(WordNetTaskOptions options) {
        super(options);
    }

    @Override
    public TaskKind kind() {
        return TaskKind.FREE_ANSWER;
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
        return List.of(Metric.PERPLEXITY, Metric.F1);
    }

    @Override
    List<List<Example>> groups(Lexicon lexicon, List<Synset> synsets) {
        Map<String, List<Synset>> senses =
                synsets.stream()
                        .sorted(Comparator.comparing(Synset::id))
                        .collect(Collectors.groupingBy(synset -> synset.entry().prompt()));
        return synsets.stream()
                .map(synset -> example(synset, senses.get(synset.entry().prompt())))
                .map(List::of)
                .toList();
    }

    private static Example example(Synset synset, List<Synset> senses) {
        List<String> accepted =
                Stream.concat(Stream.of(synset), senses.stream())
                        .map(Synset::definition)
                        .distinct()
                        .toList();
        return new Example(
                synset.id(),
                List.of(synset.entry().prompt()),
                List.of(),
                new Answer.Words(accepted));
    }
}
