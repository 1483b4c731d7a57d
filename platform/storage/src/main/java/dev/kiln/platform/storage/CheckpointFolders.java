package dev.kiln.platform.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names under {@code checkpoints/}: {@code step-00000120} is a checkpoint, with a random number
 * and {@code .tmp} it is one that was being written or deleted, with {@code .old} one that was being
 * replaced.
 */
record CheckpointFolders(Path root) {
    private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})(\\.old)?");
    private static final String TEMPORARY = ".tmp";
    private static final String OLD = ".old";

    /** A checkpoint, whole or not. */
    record Numbered(long step, boolean old, Path folder) {}

    Path folder(long step) {
        return root.resolve(String.format(Locale.ROOT, "step-%08d", step));
    }

    /** A new name at every call. */
    Path temporary(long step) {
        return beside(folder(step), "-" + TemporaryFiles.random() + TEMPORARY);
    }

    Optional<Numbered> find(long step) {
        return newestFirst().stream().filter(candidate -> candidate.step == step).findFirst();
    }

    List<Numbered> newestFirst() {
        try {
            return list().stream()
                    .flatMap(file -> numbered(file).stream())
                    .sorted(
                            Comparator.comparingLong(Numbered::step)
                                    .reversed()
                                    .thenComparing(Numbered::old))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the finished temporary folder of a step its own name, also where that name is taken. */
    void publish(Path temporary, long step) throws IOException {
        Path target = folder(step);
        Path old = beside(target, OLD);
        if (Files.exists(target)) {
            Disk.delete(old);
            Disk.rename(target, old);
        }
        Disk.rename(temporary, target);
        Disk.delete(old);
    }

    /** Deletes a checkpoint so that no half of it is ever taken for one. */
    void delete(Numbered doomed) throws IOException {
        Path temporary = temporary(doomed.step);
        Disk.rename(doomed.folder, temporary);
        Disk.delete(temporary);
    }

    /** Makes the root, durably, and deletes what a kill left in it. */
    void create() throws IOException {
        if (!Files.isDirectory(root)) {
            Files.createDirectories(root);
            Disk.syncFolder(root.toAbsolutePath().getParent());
        }
        deleteLeftovers();
    }

    private void deleteLeftovers() throws IOException {
        for (Path file : list()) {
            String name = file.getFileName().toString();
            Path finished = file.resolveSibling(name.replace(OLD, ""));
            boolean replaced = name.endsWith(OLD) && Files.exists(finished);
            if (name.startsWith("step-") && (name.endsWith(TEMPORARY) || replaced)) {
                Disk.delete(file);
            }
        }
    }

    private List<Path> list() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(root)) {
            return files.toList();
        }
    }

    private static Optional<Numbered> numbered(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() && Files.isDirectory(file)
                ? Optional.of(
                        new Numbered(Long.parseLong(name.group(1)), name.group(2) != null, file))
                : Optional.empty();
    }

    private static Path beside(Path folder, String suffix) {
        return folder.resolveSibling(folder.getFileName() + suffix);
    }
}
