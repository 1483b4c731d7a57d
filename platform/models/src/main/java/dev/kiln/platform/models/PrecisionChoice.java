package dev.kiln.platform.models;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;

/** The precision that a config asks for. */
public enum PrecisionChoice {
    /** BFLOAT16 where the backend has it, which is where it is faster, else FLOAT32. */
    AUTO,
    FLOAT32,
    BFLOAT16;

    /** A named one. */
    public static PrecisionChoice of(Precision precision) {
        return switch (precision) {
            case FLOAT32 -> FLOAT32;
            case BFLOAT16 -> BFLOAT16;
        };
    }

    /** What it is on a backend, which need not have it if it was named. */
    public Precision on(Backend backend) {
        return switch (this) {
            case AUTO ->
                    Backends.has(backend, Precision.BFLOAT16)
                            ? Precision.BFLOAT16
                            : Precision.FLOAT32;
            case FLOAT32 -> Precision.FLOAT32;
            case BFLOAT16 -> Precision.BFLOAT16;
        };
    }

    /** What it is taken for where no backend is asked: the one of the larger activations. */
    public Precision assumed() {
        return this == BFLOAT16 ? Precision.BFLOAT16 : Precision.FLOAT32;
    }
}
