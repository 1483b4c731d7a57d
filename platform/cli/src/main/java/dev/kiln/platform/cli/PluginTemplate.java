package dev.kiln.platform.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files of the Maven archetype, which are on the class path, turned into a project as the
 * archetype does: {@code ${name}} in texts and {@code __name__} in paths are replaced.
 *
 * @param values what stands for the names
 */
record PluginTemplate(Map<String, String> values) {
    private static final String FILES = "plugin";
    private static final String POINTS = "points";

    /** Writes the files that all points have, and those of one. */
    void write(String point, Path project) throws IOException {
        URI files = files();
        if (files.getScheme().equals("jar")) {
            try (FileSystem jar = FileSystems.newFileSystem(files, Map.of())) {
                write(jar.provider().getPath(files), point, project);
            }
        } else {
            write(Path.of(files), point, project);
        }
    }

    private static URI files() {
        try {
            return PluginTemplate.class.getResource(FILES).toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(Path files, String point, Path project) throws IOException {
        Path points = files.resolve(POINTS);
        copy(files, list(files).filter(file -> !file.startsWith(points)).toList(), project);
        copy(points.resolve(point), list(points.resolve(point)).toList(), project);
    }

    private static Stream<Path> list(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList().stream();
        }
    }

    private void copy(Path from, List<Path> files, Path project) throws IOException {
        for (Path file : files) {
            Path target = project.resolve(fill(from.relativize(file).toString(), "__", "__"));
            Files.createDirectories(target.getParent());
            Files.writeString(target, fill(Files.readString(file), "${", "}"));
        }
    }

    private String fill(String text, String before, String behind) {
        String filled = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace(before + value.getKey() + behind, value.getValue());
        }
        return filled;
    }
}
