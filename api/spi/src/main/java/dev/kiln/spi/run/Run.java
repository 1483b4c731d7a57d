package dev.kiln.spi.run;

import dev.kiln.spi.Stable;

/** One whole job: what a YAML file describes. */
@Stable
public interface Run {
    /**
     * Does the job, in the calling thread.
     *
     * @throws dev.kiln.spi.InvalidInput for the user's mistakes
     * @throws Exception for anything else that stops the run
     */
    void execute() throws Exception;
}
