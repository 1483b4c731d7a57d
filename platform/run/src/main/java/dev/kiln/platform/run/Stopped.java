package dev.kiln.platform.run;

import dev.kiln.spi.InvalidInput;
import java.util.Locale;

/** A run ended before its time because it was asked to, with a checkpoint to go on from. */
public final class Stopped extends InvalidInput {
    private static final long serialVersionUID = 1L;

    public Stopped(long step, long steps) {
        super(
                String.format(
                        Locale.ROOT,
                        "stopped after step %,d of %,d; its checkpoint is kept: add resume=auto to go on",
                        step,
                        steps));
    }
}
