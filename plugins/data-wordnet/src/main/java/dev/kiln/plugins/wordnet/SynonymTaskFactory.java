package dev.kiln.plugins.wordnet;

import org.pf4j.Extension;

/** {@code wordnet-synonym}: whether a definition and a usage are of the same synset. */
@Extension
public final class SynonymTaskFactory extends WordNetTaskFactory {
    public SynonymTaskFactory() {
        super("wordnet-synonym", SynonymTask::new);
    }
}
