package dev.kiln.platform.config;

import dev.kiln.spi.InvalidInput;

/** Where something stands in what the user wrote: the beginning of every error's line. */
record Place(String text) {

    /** A place in a file; line and column count from 1. */
    static Place in(String file, int line, int column) {
        return new Place(file + ":" + line + ":" + column);
    }

    static Place ofOverride(String override) {
        return new Place("override " + Words.quote(override));
    }

    static Place ofDefault(String option) {
        return new Place("default of " + Words.quote(option));
    }

    InvalidInput error(String message) {
        return new InvalidInput(text + ": " + message);
    }

    @Override
    public String toString() {
        return text;
    }
}
