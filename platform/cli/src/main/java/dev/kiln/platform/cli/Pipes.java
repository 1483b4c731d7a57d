package dev.kiln.platform.cli;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Standard input and output as bytes, for verbs that pass data on: text in a locale's encoding would
 * change it, and a failed write would not be noticed.
 */
record Pipes(InputStream in, OutputStream out) {

    /** Those of the process. */
    static Pipes standard() {
        return new Pipes(System.in, Output.standard());
    }

    /** All of standard input. */
    byte[] readAll() {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new InvalidInput("standard input can't be read: " + e.getMessage(), e);
        }
    }

    /**
     * Writes bytes to standard output.
     *
     * @throws InvalidInput when they cannot be written
     * @throws ReaderGone when nobody reads them
     */
    void write(byte[] bytes, int length) {
        try {
            out.write(bytes, 0, length);
            out.flush();
        } catch (IOException e) {
            throw Output.isReaderGone(e)
                    ? new ReaderGone(e)
                    : new InvalidInput(Output.message(e), e);
        }
    }
}
