package dev.kiln.plugins.wordnet;

import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import java.util.List;

/** Which of the 45 categories does a defined word belong to? They are as frequent as in WordNet. */
final class CategoryTask extends WordNetTask {
    private static final List<Category> CATEGORIES = List.of(Category.values());

    CategoryTask(WordNetTaskOptions options) {
        super(options);
    }

    @Override
    public TaskKind kind() {
        return TaskKind.CLASSIFICATION;
    }

    @Override
    public List<String> fields() {
        return List.of("entry");
    }

    @Override
    public List<String> labels() {
        return CATEGORIES.stream().map(Category::label).toList();
    }

    @Override
    public Prompt prompt() {
        return Prompt.of(
                "{entry}; a kind of",
                CATEGORIES.stream().map(Category::words).toArray(String[]::new));
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY, Metric.F1);
    }

    @Override
    List<List<Example>> groups(Lexicon lexicon, List<Synset> synsets) {
        return synsets.stream().map(CategoryTask::example).map(List::of).toList();
    }

    private static Example example(Synset synset) {
        return example(synset.id(), List.of(synset.defined()), synset.category().ordinal());
    }
}
