package dev.kiln.platform.models;

import dev.kiln.spi.InvalidInput;
import java.util.Locale;
import java.util.function.Supplier;

/** Refuses what does not fit before any of it is allocated. */
public final class MemoryCheck {
    private MemoryCheck() {}

    /**
     * Compares what is needed with what there is.
     *
     * @param what needs it, for the message
     * @param remedy what would fit, asked only when this does not
     * @throws InvalidInput when more is needed than available; says both, and the remedy
     */
    public static void require(String what, long needed, long available, Supplier<String> remedy) {
        if (needed > available) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "memory: %s needs %s, %s are available: %s",
                            what,
                            words(needed),
                            words(available),
                            remedy.get()));
        }
    }

    /** Bytes as people read them. */
    public static String words(long bytes) {
        double mib = bytes / 0x1p20;
        return mib < 1024
                ? String.format(Locale.ROOT, "%.1f MiB", mib)
                : String.format(Locale.ROOT, "%,.1f GiB", mib / 1024);
    }
}
