package dev.kiln.platform.config;

import dev.kiln.spi.Choice;
import dev.kiln.spi.run.Run;
import java.nio.file.Path;

/**
 * A run file, bound. Immutable.
 *
 * @param run the kind of run, with its options
 * @param out the folder to write to, as the user means it: see {@link dev.kiln.spi.Context#resolve}
 * @param file where it was read
 */
public record RunConfig(Choice<Run> run, long seed, Path out, Path file) {

    /** The name of the kind of run. */
    public String name() {
        return run.name();
    }

    /** The options of the kind of run. */
    public Record options() {
        return run.options();
    }
}
