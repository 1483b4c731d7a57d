package dev.kiln.platform.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each archive is refused by name, and the folders are afterwards what they were before. */
class MaliciousArchivesTest {
    private static final String MANIFEST =
            """
            Manifest-Version: 1.0
            Plugin-Id: guest
            Plugin-Version: 1.0.0
            Plugin-Requires: >=0.1.0
            """;

    private static final PluginStore.Allowed GUEST =
            new PluginStore.Allowed(Set.of("guest"), Set.of());

    @TempDir private Path folder;
    private Installation installation;

    @BeforeEach
    void setUp() throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Path bundled = Files.createDirectories(home.resolve("plugins"));
        new TestArchive("resident", "1.0.0").write(bundled, "resident");
        TestArchive.bundle(bundled);
        installation = new Installation(home, folder.resolve("cache"), folder.resolve("data"));
        Files.createDirectories(installation.installed());
        Files.createFile(installation.userData().resolve(".lock"));
    }

    /** A change that makes a sound archive malicious, and what the refusal says of it. */
    private record Attack(String name, Consumer<RawZip> change, String refusal) {}

    private static Attack entry(String attack, String entry, String refusal) {
        return new Attack(
                attack, zip -> zip.add(entry, "x"), "its entry '" + entry + "' " + refusal);
    }

    private static List<Attack> attacks() {
        byte[] zeros = new byte[8 << 20];
        return List.of(
                entry("an absolute path", "/evil", "leaves its folder"),
                entry("a way out", "../evil", "leaves its folder"),
                entry("a way out from within", "lib/../../evil", "leaves its folder"),
                entry("a backslash", "..\\evil", "has a backslash"),
                entry("a drive letter", "C:/evil", "leaves its folder"),
                entry("a drive letter without a slash", "c:evil", "leaves its folder"),
                entry("a stream of NTFS", "lib/a.jar:evil", "has a name that some systems"),
                entry("a path that is not plain", "lib//evil", "is no plain path"),
                entry("a dot", "lib/./evil", "is no plain path"),
                entry("a device of Windows", "lib/nul.jar", "has the name of a device"),
                entry("another device of Windows", "lib/COM1", "has the name of a device"),
                entry("a dot at the end", "lib/evil.", "has a name that some systems"),
                entry("a blank at the end", "lib/evil ", "has a name that some systems"),
                new Attack(
                        "a terminal's escape", zip -> zip.add("lib/\u001b[2J", "x"), "'lib/?[2J'"),
                new Attack(
                        "a NUL",
                        zip -> zip.add("lib/a\0.jar", "x"),
                        "has a name that some systems"),
                new Attack("no name", zip -> zip.add("", "x"), "has no name, or a long one"),
                new Attack(
                        "a long name",
                        zip -> zip.add("x/".repeat(400) + "y", "x"),
                        "has no name, or a long one"),
                new Attack(
                        "a name that is not UTF-8",
                        zip -> zip.add("x", "x").name(new byte[] {(byte) 0xc0, (byte) 0xaf}),
                        "a name in it is not UTF-8"),
                new Attack(
                        "a name in an unknown encoding",
                        zip -> zip.add("\u00e9", "x").plainAscii(),
                        "a name in it is not UTF-8"),
                new Attack(
                        "a link",
                        zip -> zip.add("lib/evil", "/etc/passwd").mode(0120777),
                        "its entry 'lib/evil' is a link"),
                new Attack(
                        "a pipe",
                        zip -> zip.add("lib/evil", "").mode(0010644),
                        "is neither a file nor a folder"),
                new Attack(
                        "a device",
                        zip -> zip.add("lib/evil", "").mode(0060644),
                        "is neither a file nor a folder"),
                new Attack(
                        "a name twice",
                        zip -> zip.add("classes/META-INF/MANIFEST.MF", MANIFEST),
                        "is there twice"),
                new Attack(
                        "names that differ in case",
                        zip -> {
                            zip.add("lib/a.jar", "x");
                            zip.add("lib/A.jar", "x");
                        },
                        "its entries 'lib/a.jar' and 'lib/A.jar' are one on some systems"),
                new Attack(
                        "folders that differ in case",
                        zip -> zip.add("Classes/a", "x"),
                        "are one on some systems"),
                new Attack(
                        "names that differ in the form of Unicode",
                        zip -> {
                            zip.add("lib/\u00e9", "x");
                            zip.add("lib/e\u0301", "x");
                        },
                        "are one on some systems"),
                new Attack(
                        "a file in a file",
                        zip -> {
                            zip.add("lib", "x");
                            zip.add("lib/a", "x");
                        },
                        "its entry 'lib/a' is inside of a file"),
                new Attack(
                        "a file in place of a folder",
                        zip -> {
                            zip.add("lib/a", "x");
                            zip.add("lib", "x");
                        },
                        "its entry 'lib' is a file and a folder"),
                new Attack(
                        "too many entries",
                        zip -> {
                            for (int i = 0; i < ZipDirectory.MAX_ENTRIES; i++) {
                                zip.add("lib/" + i, "");
                            }
                        },
                        "it has more than 20000 entries"),
                new Attack(
                        "an entry that is too large",
                        zip -> zip.add("lib/a", zeros).deflated().size(2L << 30),
                        "has more than 1073741824 bytes"),
                new Attack(
                        "too much in all",
                        zip -> {
                            for (int i = 0; i < 5; i++) {
                                zip.add("lib/" + i, "x").deflated().size(1L << 30);
                            }
                        },
                        "it unpacks to more than "),
                new Attack(
                        "a bomb by ratio",
                        zip -> zip.add("lib/a", zeros).deflated(),
                        "it unpacks to more than "),
                new Attack(
                        "a bomb that says it is small",
                        zip -> zip.add("lib/a", zeros).deflated().size(100),
                        "its entry 'lib/a' is not what the archive says"),
                new Attack(
                        "an entry that is shorter than it says",
                        zip -> zip.add("lib/a", "x").deflated().size(100),
                        "its entry 'lib/a' is not what the archive says"),
                new Attack(
                        "another checksum",
                        zip -> zip.add("lib/a", "x").crc(1),
                        "its entry 'lib/a' is not what the archive says"),
                new Attack(
                        "what is no deflated data",
                        zip -> zip.add("lib/a", "xxxxxxxx").method(8),
                        "its entry 'lib/a' is not what the archive says"),
                new Attack(
                        "another name beside the content",
                        zip -> zip.add("lib/a", "x").localName("../b"),
                        "its entry 'lib/a' has two descriptions that differ"),
                new Attack(
                        "another size beside the content",
                        zip -> zip.add("lib/a", "x").deflated().localSize(5),
                        "its entry 'lib/a' has two descriptions that differ"),
                new Attack(
                        "a descriptor that is not there",
                        zip -> zip.add("lib/a", "x").flags(1 << 3),
                        "its entry 'lib/a' has two descriptions that differ"),
                new Attack(
                        "entries that share their bytes",
                        zip -> zip.add("lib/a", "x").header(0),
                        "its entries overlap, or leave a gap, at 'lib/a'"),
                new Attack(
                        "an entry that the directory does not name",
                        zip -> {
                            zip.add("lib/a", "x").gap(new byte[100]);
                            zip.add("lib/b", "x");
                        },
                        "its entries overlap, or leave a gap, at 'lib/b'"),
                new Attack(
                        "something before the directory",
                        zip -> zip.add("lib/a", "x").gap(new byte[9]),
                        "something is between its last entry and its directory"),
                new Attack(
                        "something in front",
                        zip -> zip.before("#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII)),
                        "its entries overlap, or leave a gap"),
                new Attack(
                        "something behind",
                        zip -> zip.after(new byte[50]),
                        "it is no zip archive, is cut short or ends with a comment"),
                new Attack(
                        "encryption",
                        zip -> zip.add("lib/a", "x").flags(1),
                        "its entry 'lib/a' is encrypted"),
                new Attack(
                        "another method",
                        zip -> zip.add("lib/a", "x").method(14),
                        "its entry 'lib/a' is encrypted, or packed in a way"),
                new Attack(
                        "a size of Zip64",
                        zip -> zip.add("lib/a", "x").deflated().size(-1),
                        "has more than 1073741824 bytes"),
                new Attack(
                        "another name in an extra field",
                        zip -> zip.add("lib/a", "x").extra(0x7075, "lib/evil.jar"),
                        "an entry of it has another name or size in an extra field"),
                new Attack(
                        "another size in an extra field",
                        zip -> zip.add("lib/a", "x").extra(0x0001, "12345678"),
                        "an entry of it has another name or size in an extra field"),
                new Attack(
                        "another name in an extra field beside the content",
                        zip -> zip.add("lib/a", "x").localExtra(0x7075, "lib/evil.jar"),
                        "an entry of it has another name or size in an extra field"),
                new Attack(
                        "a comment of an entry",
                        zip -> zip.add("lib/a", "x").comment("evil"),
                        "an entry of it has a comment"),
                new Attack(
                        "a name that is long in UTF-8",
                        zip -> zip.add("lib/" + "\u00e9".repeat(200), "x"),
                        "is no plain path"),
                new Attack(
                        "a folder with content",
                        zip -> zip.add("lib/", "x"),
                        "its entry 'lib/' is a folder with content"));
    }

    private static RawZip sound() {
        RawZip zip = new RawZip();
        zip.add("classes/META-INF/MANIFEST.MF", MANIFEST);
        zip.add("classes/META-INF/extensions.idx", "");
        return zip;
    }

    @Test
    void theArchiveThatTheOthersAreMadeOfIsInstalled() throws IOException {
        RawZip zip = sound();
        zip.add("lib/", "").mode(0040755);
        zip.add("lib/a.jar", "x".repeat(1000)).deflated().mode(0100644);
        Path archive = zip.write(folder.resolve("guest.zip"));
        assertEquals("guest", new PluginStore(installation).install(archive, GUEST).id());
        assertTrue(Files.exists(installation.installed().resolve(pin().fileName())));
    }

    private Pin pin() {
        return new PluginStore(installation).installed().getFirst();
    }

    @TestFactory
    Stream<DynamicTest> anArchiveWith() {
        return attacks().stream()
                .map(attack -> DynamicTest.dynamicTest(attack.name(), () -> check(attack)));
    }

    private void check(Attack attack) throws IOException {
        RawZip zip = sound();
        attack.change().accept(zip);
        Path archive = zip.write(folder.resolve("guest.zip"));
        assertRefused(archive, attack.refusal());
        Path cache = Files.createDirectories(folder.resolve("cache"));
        try (ArchiveCache unpacked = new ArchiveCache(cache)) {
            String hash = Sha256.of(archive);
            assertThrows(PluginRefused.class, () -> unpacked.installed(archive, hash));
            Files.deleteIfExists(cache.resolve(hash + ".lock"));
        }
        assertEquals(Map.of(), files(cache));
    }

    /** By install and by verify, with nothing changed anywhere. */
    private void assertRefused(Path archive, String refusal) throws IOException {
        PluginStore store = new PluginStore(installation);
        Map<String, String> before = files(folder);
        InvalidInput installing =
                assertThrows(InvalidInput.class, () -> store.install(archive, GUEST));
        assertTrue(installing.getMessage().contains(refusal), installing::getMessage);
        assertTrue(installing.getMessage().startsWith(archive + " was refused: "));
        InvalidInput verifying = assertThrows(InvalidInput.class, () -> store.verify(archive));
        assertEquals(installing.getMessage(), verifying.getMessage());
        assertEquals(before, files(folder));
    }

    /** All below a folder, with their hashes. */
    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.filter(p -> !p.equals(root)).toList()) {
                files.put(
                        root.relativize(path).toString(),
                        Files.isDirectory(path) ? "folder" : Sha256.of(path));
            }
        }
        return files;
    }

    private void assertManifestRefused(String manifest, String refusal) throws IOException {
        RawZip zip = new RawZip();
        zip.add("classes/META-INF/MANIFEST.MF", manifest);
        assertRefused(zip.write(folder.resolve("guest.zip")), refusal);
    }

    @Test
    void aManifestThatIsNotOneIsRefused() throws IOException {
        RawZip none = new RawZip();
        none.add("lib/a.jar", "x");
        assertRefused(none.write(folder.resolve("guest.zip")), "it has no manifest");
        assertManifestRefused("nonsense\n", "its manifest is broken");
        assertManifestRefused(
                MANIFEST.replace("guest", "../../evil"),
                "its manifest's Plugin-Id must be of a-z, 0-9, '.', '_' and '-', found '../../evil'");
        assertManifestRefused(
                MANIFEST.replace("guest", "nul"), "is the name of a device on some systems");
        assertManifestRefused(
                MANIFEST.replace("Plugin-Id: guest\n", ""), "Plugin-Id must be of a-z");
        assertManifestRefused(
                MANIFEST.replace("1.0.0\n", "1\n"),
                "its manifest's Plugin-Version must be such as 1.0.0, found '1'");
        assertManifestRefused(
                MANIFEST.replace("Plugin-Requires: >=0.1.0\n", ""),
                "its manifest's Plugin-Requires must say with which SPI it runs");
        assertManifestRefused(
                MANIFEST.replace(">=0.1.0", ">=9.0.0"), "it needs SPI >=9.0.0, and this is 0.1.0");
    }

    @Test
    void aRangeThatIsNoneOrTooLongIsRefused() throws IOException {
        String deep = folded("(".repeat(100_000));
        assertManifestRefused(
                MANIFEST.replace(">=0.1.0", deep),
                "its manifest's Plugin-Requires has a range of more than 256 characters");
        assertManifestRefused(
                MANIFEST + "Plugin-Dependencies: samplers@" + deep + "\n",
                "its manifest's Plugin-Dependencies has a range of more than 256 characters");
        assertManifestRefused(
                MANIFEST + "Plugin-Dependencies: samplers@((\n",
                "its Plugin-Dependencies '((' is no range of versions");
    }

    /** As a manifest has a long value: in lines of at most 72 bytes. */
    private static String folded(String value) {
        return value.replaceAll("(.{50})", "$1\n ");
    }

    @Test
    void aPluginIsWhatTheManifestOfItsClassesSays() throws IOException {
        RawZip zip = new RawZip();
        for (int i = 0; i < 20; i++) { // in whatever order a file system lists them
            zip.add("d" + i + "/MANIFEST.MF", MANIFEST.replace("guest", "decoy" + i));
        }
        zip.add("classes/META-INF/MANIFEST.MF", MANIFEST);
        zip.add("classes/META-INF/extensions.idx", "");
        Path archive = zip.write(folder.resolve("guest.zip"));
        PluginStore store = new PluginStore(installation);
        assertEquals("guest", store.verify(archive).id());
        assertEquals("guest", store.install(archive, GUEST).id());
        store.enable("guest", false);
        try (KilnRuntime kiln = KilnRuntime.start(installation)) {
            assertEquals(
                    List.of("plugin guest 1.0.0 is disabled; 'kiln plugins enable guest'"),
                    kiln.refusals());
        }
    }

    @Test
    void theIdOfAPluginOfTheInstallationIsRefused() throws IOException {
        assertManifestRefused(
                MANIFEST.replace("guest", "resident"),
                "its id 'resident' is that of a plugin of this installation");
    }

    @Test
    void whatIsNoArchiveIsRefused() throws IOException {
        assertRefused(Files.write(folder.resolve("e.zip"), new byte[0]), "it is no zip archive");
        assertRefused(folder.resolve("nowhere.zip"), "there is no such file");
        assertRefused(folder, "there is no such file");
        byte[] whole = Files.readAllBytes(sound().write(folder.resolve("w.zip")));
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        assertRefused(Files.write(folder.resolve("half.zip"), half), "it is no zip archive");
    }

    @Test
    void anArchiveOfWhichABitWasTurnedIsRefusedOrMeansTheSame() throws IOException {
        RawZip zip = sound();
        zip.add("lib/a.txt", "x".repeat(200)).deflated();
        byte[] whole = Files.readAllBytes(zip.write(folder.resolve("w.zip")));
        Path before = Files.createDirectory(folder.resolve("before"));
        try {
            Unpacker.unpack(folder.resolve("w.zip"), before);
        } catch (PluginRefused e) {
            throw new AssertionError(e);
        }
        Map<String, String> same = files(before);
        for (int bit = 0; bit < whole.length * 8; bit += 13) {
            whole[bit / 8] ^= (byte) (1 << bit % 8);
            Path out = Files.createDirectory(folder.resolve("out" + bit));
            try {
                Unpacker.unpack(Files.write(folder.resolve("turned.zip"), whole), out);
                assertEquals(same, files(out), "bit " + bit);
            } catch (PluginRefused e) {
                // As it should be.
            }
            whole[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }
}
