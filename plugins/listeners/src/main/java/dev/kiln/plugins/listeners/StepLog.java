package dev.kiln.plugins.listeners;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * A text file of lines that belong to steps, appended to as a run goes and written at once, so that
 * a kill loses nothing but half a line. A resumed run goes on behind the last line of the steps
 * that it does not repeat.
 */
final class StepLog implements Closeable {
    private final OutputStream out;

    private StepLog(OutputStream out) {
        this.out = out;
    }

    /**
     * Opens a log to append to.
     *
     * @param firstStep steps that are done: from the first line of a later step on, and from a
     *     damaged line on, the file is cut off; 0 begins anew
     * @param stepOf the step of a line; throws {@link IllegalArgumentException} when it has none
     * @param kept is given every line that stays
     */
    static StepLog open(
            Path file, long firstStep, ToLongFunction<String> stepOf, Consumer<String> kept)
            throws IOException {
        long end = firstStep > 0 && Files.exists(file) ? keep(file, firstStep, stepOf, kept) : 0;
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.truncate(end).position(end);
        return new StepLog(Channels.newOutputStream(channel));
    }

    /** Reads the lines that stay; returns how many bytes they are. */
    private static long keep(
            Path file, long firstStep, ToLongFunction<String> stepOf, Consumer<String> kept)
            throws IOException {
        long end = 0;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next != '\n') {
                    line.write(next);
                    continue;
                }
                String text = line.toString(StandardCharsets.UTF_8);
                if (isPast(text, firstStep, stepOf)) {
                    return end;
                }
                kept.accept(text);
                end += line.size() + 1;
                line.reset();
            }
        }
        return end;
    }

    private static boolean isPast(String line, long firstStep, ToLongFunction<String> stepOf) {
        try {
            return stepOf.applyAsLong(line) > firstStep;
        } catch (IllegalArgumentException damaged) {
            return true;
        }
    }

    /** Writes one line. */
    void append(String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
