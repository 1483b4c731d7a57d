package dev.kiln.plugins.wordnet;

import org.pf4j.Extension;

/** {@code wordnet-hypernym}: whether a noun is a kind of something, by its definition. */
@Extension
public final class HypernymTaskFactory extends WordNetTaskFactory {
    public HypernymTaskFactory() {
        super("wordnet-hypernym", HypernymTask::new);
    }
}
