package dev.kiln.plugins.wordnet;

import org.pf4j.Extension;

/** {@code wordnet-definition}: which of four definitions fits a word. */
@Extension
public final class DefinitionTaskFactory extends WordNetTaskFactory {
    public DefinitionTaskFactory() {
        super("wordnet-definition", DefinitionTask::new);
    }
}
