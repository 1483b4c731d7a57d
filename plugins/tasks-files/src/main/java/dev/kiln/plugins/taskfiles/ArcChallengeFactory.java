package dev.kiln.plugins.taskfiles;

import org.pf4j.Extension;

/** {@code arc-challenge}: {@link Arc}, the questions that retrieval and co-occurrence get wrong. */
@Extension
public final class ArcChallengeFactory extends FilesTaskFactory {
    public ArcChallengeFactory() {
        super("arc-challenge", Arc.SHAPE, Arc.files("ARC-Challenge"), Arc.FORMAT);
    }
}
