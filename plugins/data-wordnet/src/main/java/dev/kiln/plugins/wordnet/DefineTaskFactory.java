package dev.kiln.plugins.wordnet;

import org.pf4j.Extension;

/** {@code wordnet-define}: the definition of a word. */
@Extension
public final class DefineTaskFactory extends WordNetTaskFactory {
    public DefineTaskFactory() {
        super("wordnet-define", DefineTask::new);
    }
}
