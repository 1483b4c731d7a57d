package dev.kiln.platform.runtime;

import dev.kiln.platform.runtime.Keys.Key;
import dev.kiln.platform.runtime.Keys.Trust;
import dev.kiln.platform.storage.FileProblem;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Spelling;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The plugins that the user adds, takes away, and turns on and off. None of their code is run. An
 * archive that is refused leaves nothing behind. Several processes may do so at once.
 */
public final class PluginStore {
    private final Installation installation;
    private final Keys keys;

    /** The plugins that an installation's user added. */
    public PluginStore(Installation installation) {
        this.installation = installation;
        this.keys = new Keys(installation.keys());
    }

    /**
     * An archive that is as it should be.
     *
     * @param signer the trusted key that signed it; empty when none did
     * @param untrusted why there is no signer; empty when there is one
     * @param extensions how many it has; one without any can only be what others depend on
     */
    public record Checked(
            String id,
            String version,
            String sha256,
            Optional<Key> signer,
            String untrusted,
            int extensions) {

        static Checked of(StagedArchive staged, Trust trust) throws IOException, PluginRefused {
            return new Checked(
                    staged.manifest().getPluginId(),
                    staged.manifest().getVersion(),
                    staged.sha256(),
                    trust.signer(),
                    trust.otherwise(),
                    staged.extensions().size());
        }

        Pin pin() {
            return new Pin(id, version, sha256, signer.map(Key::fingerprint));
        }
    }

    /** The keys that the user trusts. */
    public Keys keys() {
        return keys;
    }

    /** The plugins that the user installed, by id. */
    public List<Pin> installed() {
        return List.copyOf(PluginLock.read(installation.lock()).values());
    }

    /** The ids of the plugins that are turned off. */
    public SortedSet<String> disabled() {
        return DisabledPlugins.read(installation.disabled());
    }

    /**
     * Checks an archive as {@link #install} does, and leaves it alone.
     *
     * @throws InvalidInput when it is refused; the message says why
     */
    public Checked verify(Path archive) throws IOException {
        try (StagedArchive staged = StagedArchive.of(archive, temporaryFolder())) {
            return check(archive, staged);
        } catch (PluginRefused e) {
            throw refused(archive, e.getMessage());
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) { // while it was unpacked; Java does not say where
            throw temporaryFolder(e);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("kiln-verify-");
        } catch (IOException e) {
            throw temporaryFolder(e);
        }
    }

    private static InvalidInput temporaryFolder(IOException problem) {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        String line = FileProblem.describe(folder, problem).orElse(folder + ": " + problem);
        return new InvalidInput("the temporary folder " + line, problem);
    }

    private Checked check(Path archive, StagedArchive staged) throws IOException, PluginRefused {
        String id = staged.manifest().getPluginId();
        if (new BundledPlugins(installation.plugins()).ids().contains(id)) {
            throw new PluginRefused("its id '" + id + "' is that of a plugin of this installation");
        }
        return Checked.of(staged, keys.trust(ArchiveSignature.beside(archive), staged.file()));
    }

    /**
     * What the user takes on, by the ids of plugins.
     *
     * @param unsigned that need no trusted signature
     * @param downgrade that may take the place of a newer version
     */
    public record Allowed(Set<String> unsigned, Set<String> downgrade) {}

    /**
     * Installs an archive, in place of an older version of the plugin if there is one.
     *
     * @throws InvalidInput when it is refused; nothing has changed then
     */
    public Checked install(Path archive, Allowed allowed) throws IOException {
        try (StoreLock _ = StoreLock.exclusive(installation);
                StagedArchive staged = StagedArchive.of(archive, newFolder())) {
            Checked checked = check(archive, staged);
            String id = checked.id();
            if (checked.signer().isEmpty() && !allowed.unsigned().contains(id)) {
                throw new PluginRefused(
                        checked.untrusted()
                                + " (--allow-unsigned "
                                + id
                                + " installs it all the same)");
            }
            if (!allowed.downgrade().contains(id)) {
                checkIsNoDowngrade(checked);
            }
            take(staged, checked.pin());
            return checked;
        } catch (PluginRefused e) {
            throw refused(archive, e.getMessage());
        }
    }

    private void checkIsNoDowngrade(Checked checked) throws PluginRefused {
        Pin installed = PluginLock.read(installation.lock()).get(checked.id());
        if (installed != null && installed.isNewerThan(checked.version())) {
            throw new PluginRefused(
                    "its version "
                            + checked.version()
                            + " is older than "
                            + installed.version()
                            + ", which is installed (--allow-downgrade "
                            + checked.id()
                            + " installs it all the same)");
        }
    }

    /** An empty folder beside the archives; those of processes that were killed go. */
    private Path newFolder() throws IOException {
        String prefix = ".new-";
        try (DirectoryStream<Path> old =
                Files.newDirectoryStream(installation.installed(), prefix + "*")) {
            for (Path folder : old) {
                ArchiveCache.delete(folder);
            }
        }
        return Files.createTempDirectory(installation.installed(), prefix);
    }

    private static InvalidInput refused(Path archive, String reason) {
        return new InvalidInput(archive + " was refused: " + reason);
    }

    /** The lock file names an archive only once it is there, and for as long as it is. */
    private void take(StagedArchive staged, Pin pin) throws IOException {
        SortedMap<String, Pin> pins = PluginLock.read(installation.lock());
        Files.move(staged.file(), archive(pin), StandardCopyOption.ATOMIC_MOVE);
        Path content = installation.unpacked(installation.installed()).resolve(pin.sha256());
        if (!Files.exists(content)) {
            Files.move(staged.content(), content, StandardCopyOption.ATOMIC_MOVE);
        }
        Optional<Pin> before = Optional.ofNullable(pins.put(pin.id(), pin));
        PluginLock.write(installation.lock(), pins.values());
        if (before.isPresent() && !before.get().fileName().equals(pin.fileName())) {
            Files.deleteIfExists(archive(before.get()));
        }
        deleteUnpacked(pins);
    }

    private Path archive(Pin pin) {
        return installation.installed().resolve(pin.fileName());
    }

    private void deleteUnpacked(SortedMap<String, Pin> kept) throws IOException {
        try (ArchiveCache cache =
                new ArchiveCache(installation.unpacked(installation.installed()))) {
            cache.keepOnly(kept.values().stream().map(Pin::sha256).collect(Collectors.toSet()));
        }
    }

    /**
     * Takes an installed plugin away.
     *
     * @throws InvalidInput when none of the id is installed
     */
    public Pin remove(String id) throws IOException {
        try (StoreLock _ = StoreLock.exclusive(installation)) {
            SortedMap<String, Pin> pins = PluginLock.read(installation.lock());
            if (!pins.containsKey(id)) {
                throw new InvalidInput(missing(id, pins));
            }
            Pin pin = pins.remove(id);
            PluginLock.write(installation.lock(), pins.values());
            Files.deleteIfExists(archive(pin));
            deleteUnpacked(pins);
            turn(id, true);
            return pin;
        }
    }

    private String missing(String id, SortedMap<String, Pin> pins) throws IOException {
        if (new BundledPlugins(installation.plugins()).ids().contains(id)) {
            return "plugin '"
                    + id
                    + "' is part of this installation; 'kiln plugins disable "
                    + id
                    + "' turns it off";
        }
        return unknown(id, pins.keySet());
    }

    private static String unknown(String id, Set<String> ids) {
        String nearest =
                Spelling.nearest(id, ids).map(word -> "; did you mean '" + word + "'?").orElse("");
        return "no plugin '" + id + "' is installed" + nearest;
    }

    /**
     * Turns a plugin on or off, whoever brought it.
     *
     * @throws InvalidInput when there is no plugin of the id
     */
    public void enable(String id, boolean on) throws IOException {
        Set<String> ids = new TreeSet<>(new BundledPlugins(installation.plugins()).ids());
        ids.addAll(PluginLock.read(installation.lock()).keySet());
        if (!ids.contains(id)) {
            throw new InvalidInput(unknown(id, ids));
        }
        try (StoreLock _ = StoreLock.exclusive(installation)) {
            turn(id, on);
        }
    }

    private void turn(String id, boolean on) throws IOException {
        SortedSet<String> disabled = disabled();
        if (on ? disabled.remove(id) : disabled.add(id)) {
            DisabledPlugins.write(installation.disabled(), disabled);
        }
    }
}
