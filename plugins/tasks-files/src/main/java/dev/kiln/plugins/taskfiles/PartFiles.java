package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.TaskPart;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds the file, or the folder of files, of each part. Immutable. */
record PartFiles(Path folder, PartNames published, TaskFiles options) {

    PartFiles {
        if (!Files.isDirectory(folder)) {
            throw new InvalidInput("path: no such folder: " + folder);
        }
    }

    /**
     * The part's file; empty where the task has no such part.
     *
     * @throws InvalidInput when it should be there and is not
     */
    Optional<Path> find(TaskPart part) {
        Optional<Path> file = present(part);
        if (file.isEmpty() && !names(part).isEmpty()) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: no file %s",
                            folder,
                            String.join(" or ", names(part))));
        }
        return file;
    }

    /** Whether examples to learn from and examples to choose by come from one file. */
    boolean oneForBoth() {
        Optional<Path> train = present(TaskPart.TRAIN);
        return train.isPresent() && train.equals(present(TaskPart.VALIDATION));
    }

    private List<String> names(TaskPart part) {
        return options.chosen(part).map(List::of).orElseGet(() -> published.of(part));
    }

    private Optional<Path> present(TaskPart part) {
        return names(part).stream().flatMap(this::matching).findFirst();
    }

    private Stream<Path> matching(String name) {
        if (!name.contains("*")) {
            return Stream.of(folder.resolve(name)).filter(Files::exists);
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, name)) {
            TreeSet<Path> sorted = new TreeSet<>();
            files.forEach(sorted::add);
            return sorted.stream();
        } catch (IOException e) {
            throw Place.unreadable(folder, e);
        }
    }
}
