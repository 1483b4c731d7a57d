package dev.kiln.plugins.text;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The files that a path option means: one file; all below a folder; or those that match a pattern
 * such as {@code data/**.txt}, as of {@link FileSystems}. Names that begin with a dot are left out.
 */
final class CorpusFiles {
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

    private CorpusFiles() {}

    /** The training files and the held-out ones. */
    record Apart(List<CorpusFile> train, List<CorpusFile> heldOut) {}

    /**
     * The files of two path options; what is held out is not trained on.
     *
     * @throws InvalidInput when there is none of one kind, or only empty ones
     */
    static Apart apart(String path, String heldOutPath, Context context) {
        List<CorpusFile> heldOut = find("heldOutPath", heldOutPath, context);
        Set<Path> left = heldOut.stream().map(CorpusFile::real).collect(Collectors.toSet());
        List<CorpusFile> train =
                find("path", path, context).stream()
                        .filter(file -> !left.contains(file.real()))
                        .toList();
        if (train.isEmpty()) {
            throw new InvalidInput("path: all its files are held out by heldOutPath: " + path);
        }
        return new Apart(train, heldOut);
    }

    /**
     * The files in the order of their names, the empty ones left out.
     *
     * @param option the name of the option that gave the path, for messages
     * @throws InvalidInput when there is none, or only empty ones
     */
    static List<CorpusFile> find(String option, String path, Context context) {
        List<CorpusFile> files = filesOf(option, path, context);
        if (files.isEmpty()) {
            throw new InvalidInput(option + ": no file matches " + path);
        }
        List<CorpusFile> filled = files.stream().filter(file -> file.size() > 0).toList();
        if (filled.isEmpty()) {
            throw new InvalidInput(files.getFirst().path() + ": empty; expected text");
        }
        return filled;
    }

    private static List<CorpusFile> filesOf(String option, String path, Context context) {
        boolean pattern = WILDCARD.matcher(path).find();
        // Some systems have no path with these two in it.
        boolean literal = path.indexOf('*') < 0 && path.indexOf('?') < 0;
        if (literal) {
            Path place = context.resolve(path);
            if (Files.isRegularFile(place)) {
                return List.of(new CorpusFile(place, String.valueOf(place.getFileName())));
            } else if (Files.isDirectory(place)) {
                return below(place, file -> true);
            }
        }
        return pattern ? matching(option, path, context) : missing(option, context.resolve(path));
    }

    private static List<CorpusFile> matching(String option, String path, Context context) {
        String fixed = path.substring(0, firstWildcard(path));
        int slash = Math.max(fixed.lastIndexOf('/'), fixed.lastIndexOf(File.separatorChar));
        Path folder = context.resolve(slash < 0 ? "." : fixed.substring(0, slash + 1));
        return Files.isDirectory(folder)
                ? below(folder, matcher(option, path.substring(slash + 1)))
                : missing(option, folder);
    }

    private static int firstWildcard(String path) {
        return WILDCARD.matcher(path).results().findFirst().orElseThrow().start();
    }

    private static PathMatcher matcher(String option, String pattern) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException e) {
            throw new InvalidInput(
                    option + ": not a pattern of files: " + pattern + ": " + e.getDescription(), e);
        }
    }

    private static List<CorpusFile> below(Path folder, PathMatcher matcher) {
        // The folder may be a link itself; links below it are followed to files only.
        try (Stream<Path> all = Files.walk(folder.toRealPath())) {
            Path root = folder.toRealPath();
            return all.filter(Files::isRegularFile)
                    .map(root::relativize)
                    .filter(file -> isVisible(file) && matcher.matches(file))
                    .map(file -> new CorpusFile(folder.resolve(file), slashed(file)))
                    .sorted(Comparator.comparing(CorpusFile::name))
                    .toList();
        } catch (UncheckedIOException e) {
            throw CorpusFile.unreadable(folder, e.getCause());
        } catch (IOException e) {
            throw CorpusFile.unreadable(folder, e);
        }
    }

    private static boolean isVisible(Path file) {
        return StreamSupport.stream(file.spliterator(), false)
                .noneMatch(part -> part.toString().startsWith("."));
    }

    private static String slashed(Path file) {
        return file.toString().replace(File.separatorChar, '/');
    }

    private static List<CorpusFile> missing(String option, Path path) {
        String nearest =
                Neighbours.nearest(path).map(name -> " (did you mean " + name + "?)").orElse("");
        throw new InvalidInput(option + ": no such file or folder: " + path + nearest);
    }
}
