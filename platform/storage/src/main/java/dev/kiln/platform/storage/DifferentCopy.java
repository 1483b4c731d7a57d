package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;

/** A tensor of a Hugging Face folder differs from the weight that it should be a copy of. */
public final class DifferentCopy extends InvalidInput {
    private static final long serialVersionUID = 1L;

    private final String tensor;

    DifferentCopy(String message, String tensor) {
        super(message);
        this.tensor = tensor;
    }

    /** The tensor's name, prefix included. */
    public String tensor() {
        return tensor;
    }
}
