package dev.kiln.platform.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.config.JsonSchema;
import dev.kiln.platform.runtime.Keys.Key;
import dev.kiln.platform.runtime.PluginStore.Allowed;
import dev.kiln.platform.runtime.PluginStore.Checked;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.run.RunListenerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class PluginStoreTest {
    @TempDir private Path folder;
    private Installation installation;
    private PluginStore store;

    @BeforeEach
    void setUp() throws IOException {
        Path bundled = Files.createDirectories(folder.resolve("home/plugins"));
        new TestArchive("resident", "1.0.0").listener("resident", "").write(bundled, "resident");
        TestArchive.bundle(bundled);
        installation =
                new Installation(
                        folder.resolve("home"), folder.resolve("cache"), folder.resolve("data"));
        store = new PluginStore(installation);
    }

    private Path guest(String version) {
        return new TestArchive("guest", version).listener("guest", "").write(folder, "guest");
    }

    /**
     * Installs an archive.
     *
     * @param unsigned ids that need no signature
     */
    private Checked install(Path archive, String... unsigned) throws IOException {
        return store.install(archive, new Allowed(Set.of(unsigned), Set.of()));
    }

    private static void refused(String message, Executable executable) {
        InvalidInput error = assertThrows(InvalidInput.class, executable);
        assertTrue(error.getMessage().contains(message), error::getMessage);
    }

    private String archiveOf(String id) {
        return store.installed().stream()
                .filter(pin -> pin.id().equals(id))
                .findFirst()
                .orElseThrow()
                .fileName();
    }

    private Set<String> listeners() {
        try (KilnRuntime kiln = KilnRuntime.start(installation)) {
            return Set.copyOf(kiln.catalog().names(RunListenerFactory.class));
        }
    }

    private void assertOnlyRefusal(String line) {
        try (KilnRuntime kiln = KilnRuntime.start(installation)) {
            assertEquals(List.of(line), kiln.refusals());
            assertEquals(Set.of("resident"), kiln.catalog().names(RunListenerFactory.class));
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aSignedPluginIsInstalledPinnedUsedAndInTheSchema() throws IOException {
        Key key = store.keys().generate("acme");
        Path archive = guest("1.0.0");
        store.keys().sign(archive, "acme");
        Checked checked = install(archive);
        assertEquals(key, checked.signer().orElseThrow());
        Pin pin = store.installed().getFirst();
        assertEquals(key.fingerprint(), pin.key().orElseThrow());
        assertEquals(Sha256.of(archive), pin.sha256());
        assertEquals(
                "guest 1.0.0 " + Sha256.of(archive) + " " + key.fingerprint(),
                Files.readAllLines(folder.resolve("data/plugins.lock")).getLast());
        try (KilnRuntime kiln = KilnRuntime.start(installation)) {
            assertEquals(List.of(), kiln.refusals());
            assertTrue(JsonSchema.of(kiln.catalog()).contains("\"run-listener.guest\""));
            assertEquals(
                    List.of("guest", "resident"),
                    kiln.plugins().stream().map(PluginInfo::id).toList());
        }
    }

    @Test
    void anUnsignedPluginIsInstalledOnlyWhenTheUserNamesIt() throws IOException {
        Path archive = guest("1.0.0");
        String unsigned =
                archive + " was refused: it is not signed: there is no " + archive + ".sig";
        refused(unsigned, () -> install(archive));
        refused("--allow-unsigned guest", () -> install(archive, "other"));
        assertEquals(Set.of("resident"), listeners());
        install(archive, "guest");
        assertEquals(Set.of("guest", "resident"), listeners());
    }

    @Test
    void aSignatureByAKeyThatIsNotTrustedIsNone() throws IOException {
        Path archive = guest("1.0.0");
        Key key = store.keys().generate("stranger");
        store.keys().sign(archive, "stranger");
        store.keys().remove("stranger", true);
        refused(
                "it is signed by " + key.fingerprint() + ", which is none of the trusted keys",
                () -> install(archive));
        assertEquals("guest", install(archive, "guest").id());
    }

    @Test
    void anArchiveThatWasChangedAfterItWasSignedIsRefusedEvenIfNamed() throws IOException {
        store.keys().generate("acme");
        Path archive = guest("1.0.0");
        store.keys().sign(archive, "acme");
        guest("1.0.1");
        refused(
                "it is not what acme signed: it or its signature was changed since",
                () -> install(archive, "guest"));
        Files.write(ArchiveSignature.beside(archive), new byte[] {(byte) 0x88, (byte) 0xff});
        refused("its signature is broken", () -> install(archive, "guest"));
        Files.writeString(ArchiveSignature.beside(archive), "nonsense");
        refused("its signature is broken", () -> install(archive, "guest"));
        assertEquals(List.of(), store.installed());
    }

    @Test
    void aSignatureThatIsNoSmallRegularFileIsRefusedUnread() throws Exception {
        Path archive = guest("1.0.0");
        Path signature = ArchiveSignature.beside(archive);
        store.keys().generate("acme");
        store.keys().sign(archive, "acme");
        Path elsewhere = Files.move(signature, folder.resolve("elsewhere"));
        String refusal = "its signature is no regular file of at most 1024 bytes: " + signature;
        for (Path target : List.of(elsewhere, Path.of("/dev/zero"), folder.resolve("nowhere"))) {
            Files.createSymbolicLink(signature, target);
            refused(refusal, () -> install(archive, "guest"));
            Files.delete(signature);
        }
        Files.createDirectory(signature);
        refused(refusal, () -> store.verify(archive));
        Files.delete(signature);
        Files.write(signature, new byte[1 << 20]);
        refused(refusal, () -> store.verify(archive));
    }

    @Test
    void anOlderVersionIsInstalledOnlyWhenTheUserNamesIt() throws IOException {
        install(guest("1.10.0"), "guest");
        Path older = guest("1.9.0");
        refused(
                "its version 1.9.0 is older than 1.10.0, which is installed (--allow-downgrade"
                        + " guest installs it all the same)",
                () -> install(older, "guest"));
        assertEquals("1.10.0", store.installed().getFirst().version());
        store.install(older, new Allowed(Set.of("guest"), Set.of("guest")));
        assertEquals("1.9.0", store.installed().getFirst().version());
        install(guest("1.9.0"), "guest");
        install(guest("2.0.0"), "guest");
        assertEquals("2.0.0", store.installed().getFirst().version());
    }

    @Test
    void anArchiveThatNamesNoExtensionsIsRefusedWithWhatToDo() throws IOException {
        Path archive =
                new TestArchive("guest", "1.0.0")
                        .listener("guest", "")
                        .withoutIndex()
                        .write(folder, "guest");
        refused(
                "it has no classes/META-INF/extensions.idx, so no extension of it can be found:"
                        + " mark each factory with @Extension and compile with PF4J's annotation"
                        + " processor",
                () -> install(archive, "guest"));
        assertEquals(List.of(), store.installed());
    }

    @Test
    void anotherVersionTakesThePlaceOfTheFirst() throws IOException {
        install(guest("1.0.0"), "guest");
        listeners();
        Path second = guest("2.0.0-beta.1");
        install(second, "guest");
        assertEquals(List.of(".unpacked", archiveOf("guest")), names(installation.installed()));
        List<String> unpacked = names(installation.installed().resolve(".unpacked"));
        assertEquals(1, unpacked.stream().filter(name -> !name.endsWith(".lock")).count());
        assertTrue(unpacked.contains(Sha256.of(second)));
        assertEquals(Set.of("guest", "resident"), listeners());
    }

    @Test
    void pluginsWhoseIdsAndVersionsReadTheSameDoNotMeet() throws IOException {
        Path one = new TestArchive("guest", "1.0.0-2.0.0").listener("one", "").write(folder, "one");
        Path two = new TestArchive("guest-1.0.0", "2.0.0").listener("two", "").write(folder, "two");
        install(one, "guest");
        install(two, "guest-1.0.0");
        assertEquals(Set.of("one", "two", "resident"), listeners());
        store.remove("guest-1.0.0");
        assertEquals(Set.of("one", "resident"), listeners());
    }

    @Test
    void anIdOrAVersionThatIsNotThePinnedOneIsRefusedAtTheStart() throws IOException {
        install(guest("1.0.0"), "guest");
        Pin pin = store.installed().getFirst();
        Path archive = installation.installed().resolve(pin.fileName());
        Pin other = new Pin("other", pin.version(), pin.sha256(), pin.key());
        Files.move(archive, installation.installed().resolve(other.fileName()));
        PluginLock.write(installation.lock(), List.of(other));
        assertOnlyRefusal(
                "plugin guest 1.0.0 was refused: plugins.lock has it as plugin other 1.0.0");
    }

    @Test
    void aRemovedPluginIsGone() throws IOException {
        install(guest("1.0.0"), "guest");
        store.enable("guest", false);
        store.remove("guest");
        assertEquals(List.of(), store.installed());
        assertEquals(Set.of(), store.disabled());
        assertEquals(List.of(".unpacked"), names(installation.installed()));
        assertEquals(Set.of("resident"), listeners());
        refused("no plugin 'guest' is installed", () -> store.remove("guest"));
        refused("'kiln plugins disable resident' turns it off", () -> store.remove("resident"));
    }

    @Test
    void aDisabledPluginIsNotLoadedAndAMissedComponentSaysSo() throws IOException {
        install(guest("1.0.0"), "guest");
        store.enable("guest", false);
        store.enable("resident", false);
        try (KilnRuntime kiln = KilnRuntime.start(installation)) {
            refused(
                    "unknown run listener 'guest'; there is none (plugin resident 1.0.0 is disabled;"
                            + " 'kiln plugins enable resident'; plugin guest 1.0.0 is disabled;"
                            + " 'kiln plugins enable guest')",
                    () -> kiln.catalog().find(RunListenerFactory.class, "guest"));
        }
        store.enable("resident", true);
        store.enable("guest", true);
        assertEquals(Set.of("guest", "resident"), listeners());
        refused(
                "no plugin 'guset' is installed; did you mean 'guest'?",
                () -> store.enable("guset", true));
    }

    @Test
    void anArchiveThatIsNotThePinnedOneIsRefusedAtTheStart() throws IOException {
        install(guest("1.0.0"), "guest");
        Path installed = installation.installed().resolve(archiveOf("guest"));
        Files.write(installed, new byte[1], StandardOpenOption.APPEND);
        assertOnlyRefusal(
                "plugin guest 1.0.0 was refused: its archive is not the one that plugins.lock pins;"
                        + " install it again, or 'kiln plugins remove guest'");
        Files.delete(installed);
        assertOnlyRefusal(
                "plugin guest 1.0.0 was refused: its archive is gone; install it again, or 'kiln"
                        + " plugins remove guest'");
        install(guest("1.0.0"), "guest");
        assertEquals(Set.of("guest", "resident"), listeners());
    }

    @Test
    void anArchiveThatNobodyInstalledIsRefusedAtTheStart() throws IOException {
        Files.createDirectories(installation.installed());
        Path stray = Files.move(guest("1.0.0"), installation.installed().resolve("stray.zip"));
        assertOnlyRefusal(
                "plugin archive stray.zip was refused: plugins.lock does not pin it; 'kiln plugins"
                        + " install "
                        + stray
                        + "' checks and adds it");
        Path inside = Files.move(stray, installation.plugins().resolve("stray.zip"));
        assertOnlyRefusal(
                "plugin archive stray.zip was refused: it is not of this installation; 'kiln plugins"
                        + " install "
                        + inside
                        + "' checks and adds it");
    }

    @Test
    void aPluginWhoseKeyIsNotTrustedAnyMoreIsRefusedAtTheStart() throws IOException {
        Key key = store.keys().generate("acme");
        Path archive = guest("1.0.0");
        store.keys().sign(archive, "acme");
        install(archive);
        refused("--private deletes its private key too", () -> store.keys().remove("acme", false));
        store.keys().remove("acme", true);
        assertOnlyRefusal(
                "plugin guest 1.0.0 was refused: its key "
                        + key.fingerprint()
                        + " is not trusted any more; install it again, or 'kiln plugins remove guest'");
    }

    @Test
    void aFolderThatCannotBeWrittenToIsNamed() throws IOException {
        Path archive = guest("1.0.0");
        Files.writeString(folder.resolve("data"), "a file in its place");
        String folders = " cannot be written to: " + folder.resolve("data");
        refused("the folder for plugins" + folders, () -> install(archive, "guest"));
        refused("the folder for keys" + folders, () -> store.keys().generate("me"));
    }

    @Test
    void aBrokenKeyIsNamedAndThePluginsOfTheInstallationGoOn() throws IOException {
        Key key = store.keys().generate("acme");
        Path archive = guest("1.0.0");
        store.keys().sign(archive, "acme");
        install(archive);
        Files.writeString(key.file(), "nonsense");
        assertOnlyRefusal(
                "plugin guest 1.0.0 was refused: "
                        + key.file()
                        + ": expected an Ed25519 public key in PEM");
    }

    @Test
    void aBrokenLockFileIsNamedAndThePluginsOfTheInstallationGoOn() throws IOException {
        Files.createDirectories(installation.userData());
        Files.writeString(installation.lock(), "# by hand\nguest 1.0.0 abc unsigned\n");
        assertOnlyRefusal(
                "every installed plugin was refused: "
                        + installation.lock()
                        + ":2: expected an id, a version, a SHA-256 and a key, or 'unsigned'");
    }

    @Test
    void anUnpackedCopyThatWasChangedIsMadeAnew() throws IOException {
        install(guest("1.0.0"), "guest");
        Path unpacked =
                installation
                        .installed()
                        .resolve(".unpacked")
                        .resolve(store.installed().getFirst().sha256());
        Path planted = Files.writeString(unpacked.resolve("lib/evil.jar"), "x");
        Path changed = unpacked.resolve("classes/META-INF/extensions.idx");
        String before = Files.readString(changed);
        Files.writeString(changed, "p.Another");
        assertEquals(Set.of("guest", "resident"), listeners());
        assertFalse(Files.exists(planted));
        assertEquals(before, Files.readString(changed));
    }

    @Test
    void anUnpackedCopyWithALinkInItIsMadeAnew() throws IOException {
        Path archive =
                new TestArchive("guest", "1.0.0")
                        .listener("guest", "")
                        .library("l.L", "package l; public class L {}")
                        .write(folder, "guest");
        install(archive, "guest");
        Path unpacked =
                installation
                        .installed()
                        .resolve(".unpacked")
                        .resolve(store.installed().getFirst().sha256());
        Path outside = Files.move(unpacked.resolve("lib"), folder.resolve("outside"));
        Files.writeString(outside.resolve("evil.jar"), "x");
        Files.createSymbolicLink(unpacked.resolve("lib"), outside);
        assertEquals(Set.of("guest", "resident"), listeners());
        assertFalse(Files.isSymbolicLink(unpacked.resolve("lib")));
    }

    private void refusedAtTheStart(String source, String reason) throws IOException {
        Path archive =
                new TestArchive("guest", "1.0.0").extension("p.L", source).write(folder, "guest");
        assertEquals(1, install(archive, "guest").extensions());
        assertOnlyRefusal("plugin guest 1.0.0 was refused: " + reason);
    }

    private static String listener(String constructor, String option) {
        return """
        package p;
        import dev.kiln.spi.*;
        import dev.kiln.spi.run.*;
        public class L implements RunListenerFactory<L.Options> {
            %s
            public record Options(%s) {}
            public String name() { return "guest"; }
            public Class<Options> options() { return Options.class; }
            public RunListener create(Options options, Context context) { return event -> {}; }
        }
        """
                .formatted(constructor, option);
    }

    @Test
    void aDefaultThatDoesNotFitItsOptionIsRefusedAtTheStart() throws IOException {
        refusedAtTheStart(
                listener("", "@Default(\"1\") @Range(min = 2) int times"),
                "its guest: InvalidInput: default of 'times': expected a whole number of at least 2 for 'times',"
                        + " found '1'");
        refusedAtTheStart(
                listener("", "@Default(\",\") String separator"),
                "its extension p.L cannot be created: InvalidInput: default of 'separator': not valid"
                        + " YAML: expected the node content, but found ','");
        refusedAtTheStart(
                listener("", "@Default(\"1\") float weight"),
                "its extension p.L cannot be created: IllegalArgumentException: option 'weight': an option cannot have"
                        + " the type float; expected int, long, double, boolean, String, Path, an enum,"
                        + " a record, or Optional, List, Map<String, …> or Choice");
    }

    @Test
    void aFactoryThatAsksForWhatIsNotThereIsRefusedInOneLine() throws IOException {
        refusedAtTheStart(
                listener("@jakarta.inject.Inject public L(Runnable service) {}", ""),
                "its extension p.L cannot be created: No implementation for java.lang.Runnable was"
                        + " bound.");
        refusedAtTheStart(
                listener("public L(String text) {}", ""),
                "its extension p.L cannot be created: No injectable constructor for type p.L.");
    }

    @Test
    void aMissingArchiveOfTheInstallationKeepsNobodyFromTheOthers() throws IOException {
        Files.delete(installation.plugins().resolve("resident.zip"));
        assertEquals("guest", install(guest("1.0.0"), "guest").id());
        store.enable("guest", false);
        store.remove("guest");
    }

    @Test
    void aPluginThatTakesANameOfAnotherIsRefusedAndTheOthersGoOn() throws IOException {
        Path archive =
                new TestArchive("rival", "1.0.0").listener("resident", "").write(folder, "rival");
        install(archive, "rival");
        assertOnlyRefusal(
                "plugin rival 1.0.0 was refused: its run listener 'resident' is the name of one of"
                        + " plugin resident 1.0.0");
    }

    @Test
    void anInstallationThatCannotBeWrittenToTakesPlugins() throws IOException {
        KilnRuntime.start(installation).close();
        install(guest("1.0.0"), "guest");
        try (Stream<Path> all = Files.walk(folder.resolve("home"))) {
            assertEquals(List.of(), all.filter(path -> path.toString().contains("guest")).toList());
        }
    }
}
