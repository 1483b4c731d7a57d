package dev.kiln.platform.runtime;

import dev.kiln.platform.config.RunConfig;
import dev.kiln.platform.storage.FileProblem;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where a run stands. It has no corpus yet; a run that has one wraps this context.
 *
 * @param startFolder where relative paths begin
 * @param userHome where {@code ~/} paths begin
 * @param runFolder may not exist yet
 */
public record RunContext(long seed, Path startFolder, Path userHome, Path runFolder)
        implements Context {

    /**
     * The context of a run that is started from the current folder.
     *
     * @throws InvalidInput when the parent of the run's folder cannot be created
     */
    public static RunContext of(RunConfig config) {
        RunContext context = planned(config);
        try {
            Path parent = context.runFolder().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
        } catch (FileAlreadyExistsException e) {
            throw new InvalidInput(
                    "out '" + config.out() + "': " + e.getFile() + " is a file, expected a folder",
                    e);
        } catch (IOException e) {
            String why = FileProblem.describe(e).orElse(String.valueOf(e.getMessage()));
            throw new InvalidInput(
                    "cannot create the folder of out '" + config.out() + "': " + why, e);
        }
        return context;
    }

    /** The context of a run that is not to be started: nothing is created. */
    public static RunContext planned(RunConfig config) {
        Path start = Path.of("").toAbsolutePath();
        Path home = Path.of(System.getProperty("user.home"));
        Path folder = resolve(config.out().toString(), start, home);
        return new RunContext(config.seed(), start, home, folder);
    }

    @Override
    public Path resolve(String path) {
        return resolve(path, startFolder, userHome);
    }

    private static Path resolve(String path, Path start, Path home) {
        try {
            return path.equals("~") || path.startsWith("~/")
                    ? home.resolve(path.substring(Math.min(2, path.length()))).normalize()
                    : start.resolve(path).normalize();
        } catch (InvalidPathException e) {
            throw new InvalidInput("expected a path, found '" + path + "'", e);
        }
    }

    @Override
    public Stream<String> trainingDocuments() {
        throw new InvalidInput("this needs a corpus of text to learn from, and the run has none");
    }
}
