package dev.kiln.platform.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Builds a plugin archive from sources, in the layout that Kiln's own build gives its plugins. */
final class TestArchive {
    private final Map<String, String> manifest = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> librarySources = new LinkedHashMap<>();
    private final List<String> extensions = new ArrayList<>();
    private boolean libraryIsIn = true;
    private boolean indexIsIn = true;

    TestArchive(String id, String version) {
        manifest.put("Plugin-Id", id);
        manifest.put("Plugin-Version", version);
        manifest.put("Plugin-Requires", ">=0.1.0 & <0.2.0");
    }

    TestArchive with(String attribute, String value) {
        manifest.put(attribute, value);
        return this;
    }

    TestArchive source(String className, String source) {
        sources.put(className, source);
        return this;
    }

    TestArchive library(String className, String source) {
        librarySources.put(className, source);
        return this;
    }

    /** Compiles against the library, and leaves it out. */
    TestArchive withoutLibrary() {
        libraryIsIn = false;
        return this;
    }

    /** As without PF4J's annotation processor. */
    TestArchive withoutIndex() {
        indexIsIn = false;
        return this;
    }

    TestArchive extension(String className, String source) {
        extensions.add(className);
        return source(className, source);
    }

    /** A run listener of this name that does nothing; its constructor begins with a statement. */
    TestArchive listener(String name, String constructor) {
        return extension(
                "p.Listener",
                """
                package p;
                import dev.kiln.spi.*;
                import dev.kiln.spi.run.*;
                public class Listener implements RunListenerFactory<NoOptions> {
                    public Listener() { %s }
                    public String name() { return "%s"; }
                    public Class<NoOptions> options() { return NoOptions.class; }
                    public RunListener create(NoOptions options, Context context) {
                        return event -> {};
                    }
                }
                """
                        .formatted(constructor, name));
    }

    /** Writes {@code <file>.zip}. */
    Path write(Path folder, String file) {
        try {
            Path work = Files.createTempDirectory("kiln-archive");
            try {
                return write(folder.resolve(file + ".zip"), work);
            } finally {
                ArchiveCache.delete(work);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path write(Path archive, Path work) throws IOException {
        Path libraryClasses = compile(work.resolve("library"), librarySources, work);
        Path classes = compile(work.resolve("classes"), sources, libraryClasses);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            put(zip, "classes/META-INF/MANIFEST.MF", manifest());
            if (indexIsIn) {
                put(zip, "classes/META-INF/extensions.idx", String.join("\n", extensions));
            }
            addAll(zip, "classes/", classes);
            if (libraryIsIn) {
                zip.putNextEntry(new ZipEntry("lib/library.jar"));
                addJar(zip, libraryClasses);
            }
        }
        return archive;
    }

    /** Makes the archives of a folder an installation's own. */
    static void bundle(Path plugins) {
        if (!Files.exists(plugins)) {
            return;
        }
        try (Stream<Path> archives = Files.list(plugins)) {
            StringBuilder list = new StringBuilder();
            for (Path archive : archives.filter(f -> f.toString().endsWith(".zip")).toList()) {
                list.append(Sha256.of(archive) + "  " + archive.getFileName() + "\n");
            }
            Files.writeString(plugins.resolve(BundledPlugins.LIST), list);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String manifest() {
        StringBuilder text = new StringBuilder("Manifest-Version: 1.0\n");
        manifest.forEach((key, value) -> text.append(key + ": " + value + "\n"));
        return text.toString();
    }

    private static Path compile(Path out, Map<String, String> sources, Path library)
            throws IOException {
        Files.createDirectories(out);
        List<String> arguments =
                new ArrayList<>(List.of("-proc:none", "-d", out.toString(), "-classpath"));
        arguments.add(library + ":" + System.getProperty("java.class.path"));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file =
                    out.resolveSibling("src").resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
            arguments.add(file.toString());
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (!sources.isEmpty()
                && compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new IllegalStateException("a test's plugin does not compile");
        }
        return out;
    }

    private static void addJar(OutputStream out, Path classes) throws IOException {
        ZipOutputStream jar = new ZipOutputStream(out);
        addAll(jar, "", classes);
        jar.finish();
    }

    private static void addAll(ZipOutputStream zip, String prefix, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(prefix + folder.relativize(file)));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
    }

    private static void put(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
