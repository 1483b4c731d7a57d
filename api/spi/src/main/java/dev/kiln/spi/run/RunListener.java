package dev.kiln.spi.run;

import dev.kiln.spi.Stable;
import java.io.IOException;

/**
 * Hears what happens in a run. Called by the run's thread, one event at a time, and should return
 * soon. What it throws is reported once; the run goes on without it.
 */
@Stable
public interface RunListener extends AutoCloseable {

    void on(RunEvent event) throws Exception;

    /** Called once, after the last event. */
    @Override
    default void close() throws IOException {}
}
