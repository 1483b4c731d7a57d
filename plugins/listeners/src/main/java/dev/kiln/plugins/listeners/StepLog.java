package dev.kiln.plugins.listeners;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * A text file of lines that belong to steps, appended to as a run goes and written at once, so that
 * a kill loses nothing but half a line. A resumed run continues after the lines of the steps that it
 * does not repeat. All others are moved to a file of their own, {@code metrics.replaced.jsonl} for
 * {@code metrics.jsonl}, so that a step has one line here and no line is lost.
 */
final class StepLog implements Closeable {
    private static final int FLUSHED = 1 << 20;

    private final OutputStream out;

    private StepLog(OutputStream out) {
        this.out = out;
    }

    /**
     * Opens a log to append to.
     *
     * @param firstStep steps that are done: lines of later steps, and damaged ones, are moved; 0
     *     begins a new log, and moves all
     * @param stepOf the step of a line; throws {@link IllegalArgumentException} when it has none
     * @param kept is given every line that stays
     */
    static StepLog open(
            Path file, long firstStep, ToLongFunction<String> stepOf, Consumer<String> kept)
            throws IOException {
        if (Files.exists(file)) {
            divide(file, line -> firstStep > 0 && isDone(line, firstStep, stepOf), kept);
        }
        return new StepLog(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    private static boolean isDone(String line, long firstStep, ToLongFunction<String> stepOf) {
        try {
            return stepOf.applyAsLong(line) <= firstStep;
        } catch (IllegalArgumentException damaged) {
            return false;
        }
    }

    /** Moves lines; those that stay come under the name last, whole. */
    private static void divide(Path file, Predicate<String> stays, Consumer<String> kept)
            throws IOException {
        Path staying = file.resolveSibling("." + file.getFileName() + ".tmp");
        boolean moved = false;
        try (BufferedReader in = read(file);
                OutputStream stay = new BufferedOutputStream(Files.newOutputStream(staying))) {
            StringBuilder replaced = new StringBuilder();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (stays.test(line)) {
                    kept.accept(line);
                    stay.write(bytes(line));
                } else {
                    moved = true;
                    replaced.append(line).append('\n');
                    if (replaced.length() > FLUSHED) {
                        setAside(file, replaced);
                    }
                }
            }
            setAside(file, replaced);
        }
        if (moved || !endsWithLine(file)) {
            Files.move(staying, file, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.delete(staying);
        }
    }

    /** Bytes that are no UTF-8 make a damaged line, not a failure. */
    private static BufferedReader read(Path file) throws IOException {
        return new BufferedReader(
                new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
    }

    private static void setAside(Path file, StringBuilder lines) throws IOException {
        if (!lines.isEmpty()) {
            String name = file.getFileName().toString();
            int dot = name.lastIndexOf('.');
            Files.writeString(
                    file.resolveSibling(name.substring(0, dot) + ".replaced" + name.substring(dot)),
                    lines,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            lines.setLength(0);
        }
    }

    private static boolean endsWithLine(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.position(Math.max(0, channel.size() - 1)).read(last);
            return channel.size() == 0 || last.get(0) == '\n';
        }
    }

    private static byte[] bytes(String line) {
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Writes one line. */
    void append(String line) throws IOException {
        out.write(bytes(line));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
