package dev.kiln.platform.cli;

import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunFactory;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A run that writes a note, or fails in one of several ways, or waits to be stopped. */
public final class NoteRun implements RunFactory<NoteRun.Options> {

    /** What to write, and whether to fail. */
    public record Options(
            @Doc("What to write down") @Default("a note") String text,
            @Default("false") boolean fail) {}

    @Override
    public String name() {
        return "note";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public Run create(Options options, Context context) {
        if (options.fail()) {
            throw new InvalidInput("this one was to fail");
        }
        return () -> execute(options, context.runFolder());
    }

    /** What says, when it is closed, that something happened to it meanwhile. */
    private interface Closing extends AutoCloseable {
        InvalidInput problem();

        @Override
        default void close() {
            throw problem();
        }
    }

    private static void execute(Options options, Path folder) throws Exception {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("note.txt"), options.text());
        switch (options.text()) {
            case "crash" -> throw new IllegalStateException("crash:\non two lines");
            case "read-only" ->
                    throw new FileSystemException("ro/x", null, "Read-only file system");
            case "no folder" ->
                    throw new UncheckedIOException(new NoSuchFileException("missing/x"));
            case "cut" -> {
                try (Closing _ = () -> new InvalidInput("m.safetensors: was cut")) {
                    throw new InternalError(
                            "a fault occurred in an unsafe memory access operation");
                }
            }
            case "error" -> throw new AssertionError("error");
            case "wait" -> {
                try {
                    Thread.sleep(60_000);
                } finally {
                    Files.writeString(folder.resolve("tidied.txt"), "");
                }
            }
            default -> {}
        }
    }
}
