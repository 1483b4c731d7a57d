package dev.kiln.plugins.taskfiles;

import org.pf4j.Extension;

/** {@code arc-easy}: {@link Arc}, its easy set. */
@Extension
public final class ArcEasyFactory extends FilesTaskFactory {
    public ArcEasyFactory() {
        super("arc-easy", Arc.SHAPE, Arc.files("ARC-Easy"), Arc.FORMAT);
    }
}
