package dev.kiln.distribution.archive;

import dev.kiln.platform.cli.CommandReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Adds to the staged folder what makes it complete: a Java, the manual, licences and a bill of
 * materials, and loaded classes for a quick start. Given the same inputs it writes the same bytes.
 */
public final class Assemble {
    private Assemble() {}

    /**
     * Takes five arguments: the staged folder, the folder to write, the bill of materials of the
     * platform, the folder whose children are the plugins' modules, and the time that files get.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path stage = Path.of(arguments[0]).toAbsolutePath();
        Path out = Path.of(arguments[1]).toAbsolutePath();
        List<Path> bills = new ArrayList<>(List.of(Path.of(arguments[2])));
        bills.addAll(pluginBills(Path.of(arguments[3])));
        delete(out);
        RuntimeImage runtime = RuntimeImage.link(out.resolve("runtime"));
        CommandReference.write(Files.createDirectories(out.resolve("share")));
        Path licences = Files.createDirectories(out.resolve("licences"));
        NativeLibraries natives = new NativeLibraries();
        KnownFaults faults = new KnownFaults();
        Jars.visit(stage, List.of(new Licences(licences), natives, faults));
        if (!faults.unused().isEmpty()) {
            throw new IllegalStateException(
                    "accepted faults that are in no jar: " + faults.unused());
        }
        Files.copy(runtime.gccLicences(), licences.resolve("GCC.md"));
        BillOfMaterials.of(
                        bills,
                        natives.found(),
                        System.getProperty("java.runtime.version"),
                        System.getProperty("java.vendor"))
                .write(out);
        date(out, FileTime.from(Instant.parse(arguments[4])));
        SharedClasses.dump(stage, runtime, Files.createDirectories(out.resolve("lib")));
    }

    private static List<Path> pluginBills(Path plugins) throws IOException {
        List<Path> bills = new ArrayList<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(plugins)) {
            for (Path module : modules) {
                if (Files.exists(module.resolve("src/main"))) {
                    bills.add(module.resolve("target/bom.json"));
                }
            }
        }
        bills.sort(Comparator.naturalOrder());
        return bills;
    }

    /** Deletes a folder with all that is in it, if it is there. */
    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Shared classes fit a Java whose files have the dates that they had. */
    private static void date(Path folder, FileTime time) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.forEach(path -> date(time, path));
        }
    }

    private static void date(FileTime time, Path path) {
        try {
            Files.setLastModifiedTime(path, time);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
