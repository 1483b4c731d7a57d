package dev.kiln.plugins.listeners;

import dev.kiln.spi.run.RunEvent;
import java.time.Duration;

/** Where lines and progress are shown. Used by one thread. */
interface Screen {

    /** Shows a line for good. */
    void line(String text);

    /** The steps begin. */
    void start(RunEvent.Started started);

    /** A step was made. */
    void step(RunEvent.Step step, long steps, Duration left);

    /** No more progress will be shown. */
    void end();
}
