package dev.kiln.plugins.wordnet;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A task whose examples are made from WordNet when they are first asked for. A headword, with all
 * its definitions and usages, is in one part only: where an example shows several, all are of its
 * part. Thread-safe.
 */
abstract class WordNetTask implements EvalTask {
    private final WordNetTaskOptions options;
    private final Map<TaskPart, List<Example>> parts = new ConcurrentHashMap<>();

    WordNetTask(WordNetTaskOptions options) {
        this.options = options;
    }

    /**
     * Examples in groups that stay together, as they balance each other.
     *
     * @param synsets those of the part, shuffled
     */
    abstract List<List<Example>> groups(Lexicon lexicon, List<Synset> synsets);

    @Override
    public final List<Example> examples(TaskPart part) {
        return parts.computeIfAbsent(part, this::make);
    }

    private List<Example> make(TaskPart part) {
        Lexicon lexicon = Lexicon.read();
        List<Synset> synsets =
                shuffled(lexicon.where(word -> options.part(word) == part), Synset::id);
        return shuffled(groups(lexicon, synsets), group -> group.getFirst().id()).stream()
                .flatMap(List::stream)
                .limit(options.limit().orElse(Integer.MAX_VALUE))
                .toList();
    }

    private <T> List<T> shuffled(List<T> things, Function<T, String> id) {
        return things.stream()
                .sorted(Comparator.comparingLong(thing -> Randomness.bits(key(id.apply(thing)), 0)))
                .toList();
    }

    /** What wrong answers may be taken from has the same group as the right one. */
    final String group(Synset synset) {
        return options.distractors().group(synset);
    }

    /** Key of what is drawn for something. */
    final long key(String id) {
        return Randomness.key(options.seed(), id);
    }

    static Example example(String id, List<String> texts, int answer) {
        return new Example(id, texts, List.of(), new Answer.Choice(answer));
    }
}
