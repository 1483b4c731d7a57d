package dev.kiln.plugins.wordnet;

import org.pf4j.Extension;

/** {@code wordnet-category}: the category of a defined word, one of 45. */
@Extension
public final class CategoryTaskFactory extends WordNetTaskFactory {
    public CategoryTaskFactory() {
        super("wordnet-category", CategoryTask::new);
    }
}
