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

    /** What the path of a point's files begins with, see the archetype's metadata. */
    private static final String AT = "at-";

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
        List<Path> all;
        try (Stream<Path> inside = Files.walk(files)) {
            all = inside.filter(Files::isRegularFile).toList();
        }
        for (Path file : all) {
            String path = files.relativize(file).toString();
            String chosen = path.replace("__" + AT + point + "__/", "");
            if (!chosen.startsWith("__" + AT)) {
                Path target = project.resolve(fill(chosen, "__", "__"));
                Files.createDirectories(target.getParent());
                Files.writeString(target, fill(Files.readString(file), "${", "}"));
            }
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
