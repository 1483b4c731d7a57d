package dev.kiln.distribution.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What is in the jars of a staged Kiln: those in {@code lib} and those in the archives of plugins. */
final class Jars {
    private Jars() {}

    /** Sees each file of each jar. */
    interface Visitor {
        /**
         * Takes a file.
         *
         * @param jar its name, without {@code .jar}
         * @param path of the file in the jar
         * @param content stays open
         */
        void visit(String jar, String path, InputStream content) throws IOException;
    }

    /** Shows each file to all visitors in turn; one that reads it leaves nothing to the next. */
    static void visit(Path stage, List<Visitor> visitors) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(stage.resolve("lib"), "*.jar")) {
            for (Path jar : jars) {
                try (InputStream in = Files.newInputStream(jar)) {
                    visitJar(jar.toString(), in, visitors);
                }
            }
        }
        try (DirectoryStream<Path> archives =
                Files.newDirectoryStream(stage.resolve("plugins"), "*.zip")) {
            for (Path archive : archives) {
                visitPlugin(archive, visitors);
            }
        }
    }

    private static void visitPlugin(Path archive, List<Visitor> visitors) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".jar")) {
                    visitJar(entry.getName(), zip, visitors);
                }
            }
        }
    }

    /** Leaves the stream open. */
    private static void visitJar(String path, InputStream jar, List<Visitor> visitors)
            throws IOException {
        String name = fileName(path).replaceFirst("\\.jar$", "");
        ZipInputStream zip = new ZipInputStream(jar);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (!entry.isDirectory()) {
                for (Visitor visitor : visitors) {
                    visitor.visit(name, entry.getName(), zip);
                }
            }
        }
    }

    /** The last part of a path. */
    static String fileName(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }
}
