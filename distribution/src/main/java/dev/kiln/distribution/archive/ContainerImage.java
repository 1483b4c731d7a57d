package dev.kiln.distribution.archive;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Kiln as a container image in a tar file, written by Jib: no daemon, and the same bytes from the
 * same inputs. Its entry point is {@code kiln}, its working folder {@code /work}.
 */
public final class ContainerImage {
    /** The base that stands for this machine's own C and C++ libraries, and nothing else. */
    static final String LIBRARIES = "libraries";

    private static final AbsoluteUnixPath HOME = AbsoluteUnixPath.get("/kiln");
    private static final Pattern ABSOLUTE_PATH = Pattern.compile("(?<=\\s)/\\S+");
    private static final FilePermissions EVERYONE = FilePermissions.fromOctalString("777");
    private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");

    private final Path unpacked;
    private final Instant time;

    private ContainerImage(Path unpacked, Instant time) {
        this.unpacked = unpacked;
        this.time = time;
    }

    /**
     * Takes five arguments: Kiln's archive, the tar file to write, the image's name, its base (what Jib
     * takes for one, for example {@code debian:stable-slim} or {@code tar://FILE}; or {@code
     * libraries}), and the time that files get.
     */
    public static void main(String[] arguments) throws Exception {
        Path place = Files.createTempDirectory("kiln-unpacked");
        try {
            said("tar", "-xzf", arguments[0], "-C", place.toString(), "--strip-components=1");
            new ContainerImage(place, Instant.parse(arguments[4]))
                    .write(Path.of(arguments[1]), arguments[2], arguments[3]);
        } finally {
            Assemble.delete(place);
        }
    }

    private void write(Path tar, String name, String base) throws Exception {
        Path cache = Files.createTempDirectory("kiln-image");
        try {
            start(base)
                    .addFileEntriesLayer(layer("java", List.of("runtime")))
                    .addFileEntriesLayer(layer("plugins", List.of("plugins")))
                    .addFileEntriesLayer(layer("platform", others()))
                    .addFileEntriesLayer(folders(cache))
                    .setEntrypoint(entryPoint())
                    // A locale, else arguments are taken for ASCII; and where a user's plugins are.
                    .setEnvironment(
                            Map.of("LC_ALL", "C.UTF-8", "HOME", "/tmp", "KILN_DATA_HOME", "/data"))
                    .setWorkingDirectory(AbsoluteUnixPath.get("/work"))
                    .setCreationTime(time)
                    .containerize(
                            Containerizer.to(TarImage.at(tar).named(name))
                                    .setBaseImageLayersCache(cache)
                                    .setApplicationLayersCache(cache));
        } finally {
            Assemble.delete(cache);
        }
    }

    private JibContainerBuilder start(String base) throws Exception {
        return base.equals(LIBRARIES)
                ? Jib.fromScratch().addFileEntriesLayer(libraries())
                : Jib.from(base);
    }

    /** As the launcher starts what computes; there may be no shell. */
    private static List<String> entryPoint() {
        return List.of(
                HOME + "/runtime/bin/java",
                "-XX:SharedArchiveFile=" + HOME + "/lib/kiln.jsa",
                "-Xlog:cds=off",
                "-Xlog:aot=off",
                "@" + HOME + "/lib/jvm.options",
                "--add-modules",
                "jdk.incubator.vector",
                "-Dkiln.home=" + HOME,
                "-jar",
                HOME + "/lib/kiln.jar");
    }

    private List<String> others() throws IOException {
        try (Stream<Path> all = Files.list(unpacked)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> !Set.of("runtime", "plugins").contains(name))
                    .sorted()
                    .toList();
        }
    }

    private FileEntriesLayer layer(String name, List<String> roots) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        for (String root : roots) {
            try (Stream<Path> all = Files.walk(unpacked.resolve(root))) {
                for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
                    add(layer, path, HOME.resolve(unpacked.relativize(path)));
                }
            }
        }
        return layer.build();
    }

    private FileEntriesLayer folders(Path like) {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("folders");
        for (String folder : List.of("/tmp", "/data", "/work")) {
            layer.addEntry(like, AbsoluteUnixPath.get(folder), EVERYONE, time);
        }
        return layer.build();
    }

    private void add(FileEntriesLayer.Builder layer, Path file, AbsoluteUnixPath to)
            throws IOException {
        FilePermissions permissions =
                Files.isExecutable(file) ? PROGRAM : FilePermissions.DEFAULT_FILE_PERMISSIONS;
        layer.addEntry(file.toRealPath(), to, permissions, time);
    }

    /** What Java and the natives of backends are linked with. */
    private FileEntriesLayer libraries() throws IOException, InterruptedException {
        Path cpp =
                paths("/sbin/ldconfig", "-p").stream()
                        .filter(path -> path.endsWith("libstdc++.so.6"))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("libstdc++.so.6 not found"));
        Set<Path> linked = new TreeSet<>(List.of(cpp));
        linked.addAll(paths("ldd", unpacked.resolve("runtime/bin/java").toString()));
        linked.addAll(paths("ldd", unpacked.resolve("runtime/lib/server/libjvm.so").toString()));
        linked.addAll(paths("ldd", cpp.toString()));
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(LIBRARIES);
        for (Path path : linked) {
            if (!path.startsWith(unpacked)) {
                add(layer, path, AbsoluteUnixPath.fromPath(path));
            }
        }
        return layer.build();
    }

    /** The absolute paths that a program prints. */
    private static List<Path> paths(String... command) throws IOException, InterruptedException {
        return ABSOLUTE_PATH
                .matcher(said(command))
                .results()
                .map(MatchResult::group)
                .map(Path::of)
                .toList();
    }

    private static String said(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + said);
        }
        return said;
    }
}
