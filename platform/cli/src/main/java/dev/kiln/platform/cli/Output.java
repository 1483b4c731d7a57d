package dev.kiln.platform.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Optional;

/**
 * Standard output, which keeps the first failure to write: print streams and writers swallow theirs,
 * and what was asked for would be lost without a word. Not synchronized; a print stream is.
 */
final class Output extends OutputStream {
    private final OutputStream out;
    private IOException failure;

    Output(OutputStream out) {
        this.out = out;
    }

    /** That of the process. */
    static Output standard() {
        return new Output(new FileOutputStream(FileDescriptor.out));
    }

    /**
     * A print stream for code of whatever origin: closing it doesn't close what is below, which others
     * still print to.
     */
    static PrintStream shared(OutputStream out, Charset charset) {
        return new PrintStream(out, true, charset) {
            @Override
            public void close() {
                flush();
            }
        };
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    /** What was lost, unless its reader had enough ({@code | head}). */
    Optional<String> lost() {
        return Optional.ofNullable(failure).filter(e -> !isReaderGone(e)).map(Output::message);
    }

    static String message(IOException e) {
        return "standard output can't be written: " + e.getMessage();
    }

    /** Whether a write failed because the other end of a pipe was closed. */
    static boolean isReaderGone(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("Broken pipe") || message.contains("pipe is being closed");
    }
}
