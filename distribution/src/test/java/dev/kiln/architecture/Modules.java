package dev.kiln.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Classes of the checkout's modules, read from their target folders by path: no module is on this
 * one's class path, where two plugins' libraries would clash.
 */
final class Modules {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "")).resolve("..");

    private Modules() {}

    /** The classes of one module, for example {@code api/spi}, of which there are at least some. */
    static JavaClasses of(String module, int atLeast) {
        return read(List.of(ROOT.resolve(module)), atLeast);
    }

    /** The classes of all modules in a folder, for example {@code platform}. */
    static JavaClasses in(String folder, int atLeast) {
        return read(list(folder), atLeast);
    }

    /** The classes of all modules in some folders. */
    static JavaClasses in(List<String> folders, int atLeast) {
        return read(folders.stream().flatMap(folder -> list(folder).stream()).toList(), atLeast);
    }

    /** The names of the modules in a folder that have classes. */
    static List<String> names(String folder) {
        return list(folder).stream().map(module -> module.getFileName().toString()).toList();
    }

    private static JavaClasses read(List<Path> modules, int atLeast) {
        JavaClasses classes =
                new ClassFileImporter()
                        .importPaths(modules.stream().map(Modules::classes).toList());
        assertTrue(
                classes.size() >= atLeast,
                () -> "expected at least " + atLeast + " classes, found " + classes.size());
        return classes;
    }

    private static List<Path> list(String folder) {
        List<Path> modules = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(ROOT.resolve(folder))) {
            children.forEach(modules::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return modules.stream()
                .filter(module -> Files.isDirectory(classes(module)))
                .sorted()
                .toList();
    }

    private static Path classes(Path module) {
        return module.resolve("target").resolve("classes");
    }
}
