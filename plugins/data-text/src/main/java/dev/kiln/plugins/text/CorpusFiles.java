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
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The files that a path option means: one file; all below a folder; or those that match a pattern
 * such as {@code data/**.txt}, as of {@link FileSystems}. Names that begin with a dot are left out.
 */
final class CorpusFiles {
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

    private CorpusFiles() {}

    /**
     * The files in the order of their names, the empty ones left out.
     *
     * @throws InvalidInput when there is none, or only empty ones
     */
    static List<CorpusFile> find(String path, Context context) {
        List<CorpusFile> files = filesOf(path, context);
        if (files.isEmpty()) {
            throw new InvalidInput("path: no file matches " + path);
        }
        List<CorpusFile> filled = files.stream().filter(file -> file.size() > 0).toList();
        if (filled.isEmpty()) {
            throw new InvalidInput(files.getFirst().path() + ": empty; expected text");
        }
        return filled;
    }

    private static List<CorpusFile> filesOf(String path, Context context) {
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
        return pattern ? matching(path, context) : missing(context.resolve(path));
    }

    private static List<CorpusFile> matching(String path, Context context) {
        String fixed = path.substring(0, firstWildcard(path));
        int slash = Math.max(fixed.lastIndexOf('/'), fixed.lastIndexOf(File.separatorChar));
        Path folder = context.resolve(slash < 0 ? "." : fixed.substring(0, slash + 1));
        return Files.isDirectory(folder)
                ? below(folder, matcher(path.substring(slash + 1)))
                : missing(folder);
    }

    private static int firstWildcard(String path) {
        return WILDCARD.matcher(path).results().findFirst().orElseThrow().start();
    }

    private static PathMatcher matcher(String pattern) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException e) {
            throw new InvalidInput(
                    "path: not a pattern of files: %s: %s".formatted(pattern, e.getDescription()),
                    e);
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

    private static List<CorpusFile> missing(Path path) {
        String nearest = Neighbours.nearest(path).map(" (did you mean %s?)"::formatted).orElse("");
        throw new InvalidInput("path: no such file or folder: " + path + nearest);
    }
}
