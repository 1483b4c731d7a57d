package dev.kiln.distribution.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The licences and notices that libraries bring in their jars, one folder a jar. */
final class Licences {
    private static final Pattern NOTICE =
            Pattern.compile("(?:META-INF/)?(?:LICEN[CS]E|NOTICE|COPYING)[^/]*");

    private Licences() {}

    /** Of the jars in {@code lib} and of those in the archives in {@code plugins}. */
    static void collect(Path stage, Path out) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(stage.resolve("lib"), "*.jar")) {
            for (Path jar : jars) {
                try (InputStream in = Files.newInputStream(jar)) {
                    ofJar(name(jar.toString()), in, out);
                }
            }
        }
        try (DirectoryStream<Path> archives =
                Files.newDirectoryStream(stage.resolve("plugins"), "*.zip")) {
            for (Path archive : archives) {
                ofPlugin(archive, out);
            }
        }
    }

    private static void ofPlugin(Path archive, Path out) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".jar")) {
                    ofJar(name(entry.getName()), zip, out);
                }
            }
        }
    }

    /** Leaves the stream open. */
    private static void ofJar(String name, InputStream jar, Path out) throws IOException {
        ZipInputStream zip = new ZipInputStream(jar);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            String path = entry.getName();
            if (!entry.isDirectory()
                    && NOTICE.matcher(path.toUpperCase(Locale.ROOT)).matches()
                    && !path.endsWith(".class")) {
                Path folder = Files.createDirectories(out.resolve(name));
                Files.write(folder.resolve(name(path)), zip.readAllBytes());
            }
        }
    }

    private static String name(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
                .replaceFirst("\\.jar$", "");
    }
}
