package dev.kiln.platform.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ArchiveCacheTest {
    @TempDir private Path folder;

    private Path zip(String entry, byte[] content) throws IOException {
        Path zip = folder.resolve("a.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry(entry));
            out.write(content);
        }
        return zip;
    }

    private Path root() throws IOException {
        return Files.createDirectories(folder.resolve("cache"));
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> all = Files.list(root())) {
            return all.filter(Files::isDirectory).toList();
        }
    }

    @Test
    void anArchiveIsUnpackedOnceAndFoundAgain() throws Exception {
        Path zip = zip("lib/x.txt", new byte[] {1, 2});
        try (ArchiveCache cache = new ArchiveCache(root())) {
            Path unpacked = cache.bundled(zip, Sha256.of(zip));
            assertEquals(2, Files.size(unpacked.resolve("lib/x.txt")));
            Files.writeString(unpacked.resolve("mark"), "here");
            assertTrue(Files.exists(cache.bundled(zip, Sha256.of(zip)).resolve("mark")));
        }
        assertEquals(1, folders().size());
    }

    @Test
    void aChangedArchiveIsUnpackedAnewAndTheOldFolderGoesWhenNobodyUsesIt() throws Exception {
        // Of one size and time, as two builds of one version may be.
        FileTime time = FileTime.fromMillis(1_000_000);
        Path zip = Files.setLastModifiedTime(zip("x", new byte[] {1}), time);
        Path old;
        try (ArchiveCache first = new ArchiveCache(root())) {
            old = first.bundled(zip, Sha256.of(zip));
            Files.setLastModifiedTime(zip("x", new byte[] {2}), time);
            try (ArchiveCache second = new ArchiveCache(root())) {
                Path unpacked = second.bundled(zip, Sha256.of(zip));
                assertNotEquals(old, unpacked);
                assertEquals(2, Files.readAllBytes(unpacked.resolve("x"))[0]);
            }
            assertTrue(Files.exists(old), "in use");
        }
        zip("x", new byte[] {3});
        try (ArchiveCache third = new ArchiveCache(root())) {
            third.bundled(zip, Sha256.of(zip));
        }
        assertFalse(Files.exists(old));
        assertEquals(1, folders().size());
    }

    @Test
    void anArchiveThatIsNotTheListedOneIsRefused() throws IOException {
        Path zip = zip("x", new byte[] {1});
        String sha256 = Sha256.of(zip);
        zip("x", new byte[] {2});
        try (ArchiveCache cache = new ArchiveCache(root())) {
            for (Executable unpacking :
                    List.<Executable>of(
                            () -> cache.bundled(zip, sha256), () -> cache.installed(zip, sha256))) {
                PluginRefused error = assertThrows(PluginRefused.class, unpacking);
                assertEquals("its SHA-256 is not " + sha256, error.getMessage());
            }
        }
        assertEquals(List.of(), folders());
    }

    @Test
    void manyAtOnceGetOneFolder() throws Exception {
        Path zip = zip("x", new byte[100_000]);
        List<Future<Path>> found = new ArrayList<>();
        Path root = root();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                found.add(
                        threads.submit(
                                () -> {
                                    try (ArchiveCache cache = new ArchiveCache(root)) {
                                        return cache.bundled(zip, Sha256.of(zip));
                                    }
                                }));
            }
        }
        for (Future<Path> folder : found) {
            assertEquals(found.getFirst().get(), folder.get());
        }
        assertEquals(1, folders().size());
    }

    @Test
    void anEntryThatLeavesTheFolderIsRefusedAndLeavesNothing() throws IOException {
        Path zip = zip("../evil.txt", new byte[] {1});
        try (ArchiveCache cache = new ArchiveCache(root())) {
            PluginRefused error =
                    assertThrows(PluginRefused.class, () -> cache.bundled(zip, Sha256.of(zip)));
            assertEquals("its entry '../evil.txt' leaves its folder", error.getMessage());
        }
        assertFalse(Files.exists(root().resolve("evil.txt")));
        assertEquals(List.of(), folders());
    }

    @Test
    void anArchiveThatUnpacksToFarMoreThanItIsIsRefused() throws IOException {
        Path zip = zip("zeros", new byte[8 << 20]);
        try (ArchiveCache cache = new ArchiveCache(root())) {
            PluginRefused error =
                    assertThrows(PluginRefused.class, () -> cache.bundled(zip, Sha256.of(zip)));
            assertTrue(error.getMessage().startsWith("it unpacks to more than "));
        }
        assertEquals(List.of(), folders());
    }

    @Test
    void aReadOnlyInstallationUnpacksIntoTheUsersCache() throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Installation writable =
                new Installation(home, folder.resolve("user"), folder.resolve("data"));
        assertEquals(home.resolve("plugins/.unpacked"), writable.unpacked(writable.plugins()));
        Path blocked = Files.createDirectories(folder.resolve("blocked"));
        // A file where the folder should be refuses root too, which permissions do not.
        Files.writeString(blocked.resolve("plugins"), "");
        Installation readOnly =
                new Installation(blocked, folder.resolve("user"), folder.resolve("data"));
        assertEquals(folder.resolve("user"), readOnly.unpacked(readOnly.plugins()));
    }

    @Test
    void nativeLibrariesAreUnpackedBesideThePlugins() throws IOException {
        Installation installation =
                new Installation(
                        Files.createDirectories(folder.resolve("home")),
                        folder.resolve("user"),
                        folder.resolve("data"));
        Path natives = installation.natives();
        assertEquals(folder.resolve("home/plugins/.unpacked/natives"), natives);
        assertTrue(Files.isDirectory(natives));
        assertEquals(natives, installation.natives());
    }

    @Test
    void whereNativeLibrariesCannotBeUnpackedThePlaceIsNamed() throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Path unpacked = Files.createDirectories(home.resolve("plugins/.unpacked"));
        Files.writeString(unpacked.resolve("natives"), "");
        Installation installation =
                new Installation(home, folder.resolve("user"), folder.resolve("data"));
        assertEquals(
                "native libraries can't be unpacked: "
                        + unpacked.resolve("natives")
                        + ": is there already",
                assertThrows(InvalidInput.class, installation::natives).getMessage());
    }
}
