package dev.kiln.platform.runtime;

import dev.kiln.platform.runtime.Keys.Key;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The plugin archives that a start finds, those of the installation first. */
final class FoundArchives {
    private final Installation installation;
    private final List<Found> found = new ArrayList<>();

    /**
     * A plugin archive.
     *
     * @param label names it in messages
     * @param sha256 that it must have; empty for one that nothing lists
     * @param pin empty for one that the user did not install
     * @param problem why it is not loaded; empty when it may be
     */
    record Found(
            Path archive,
            String label,
            String sha256,
            Optional<Pin> pin,
            Optional<String> problem) {}

    private FoundArchives(Installation installation) {
        this.installation = installation;
    }

    static List<Found> of(Installation installation) {
        FoundArchives archives = new FoundArchives(installation);
        try {
            archives.addBundled();
            archives.addInstalled();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return archives.found;
    }

    private void addBundled() throws IOException {
        Path folder = installation.plugins();
        Map<String, String> named = new BundledPlugins(folder).archives();
        named.forEach((file, sha256) -> add(folder.resolve(file), sha256, Optional.empty()));
        for (Path stray : archives(folder)) {
            if (!named.containsKey(stray.getFileName().toString())) {
                addStray(stray, "it is not of this installation");
            }
        }
    }

    private void addStray(Path archive, String problem) {
        String install = "; 'kiln plugins install " + archive + "' checks and adds it";
        add(archive, "", Optional.of(problem + install));
    }

    private void add(Path archive, String sha256, Optional<String> problem) {
        String label = "plugin archive " + archive.getFileName();
        found.add(new Found(archive, label, sha256, Optional.empty(), problem));
    }

    private void addInstalled() throws IOException {
        Map<String, Pin> pins = pins();
        for (Pin pin : pins.values()) {
            Path archive = installation.installed().resolve(pin.fileName());
            Optional<String> problem = problem(pin, archive);
            found.add(new Found(archive, pin.label(), pin.sha256(), Optional.of(pin), problem));
        }
        Set<String> named = pins.values().stream().map(Pin::fileName).collect(Collectors.toSet());
        for (Path stray : archives(installation.installed())) {
            if (!named.contains(stray.getFileName().toString())) {
                addStray(stray, "plugins.lock does not pin it");
            }
        }
    }

    private Map<String, Pin> pins() {
        try {
            return PluginLock.read(installation.lock());
        } catch (InvalidInput e) {
            found.add(
                    new Found(
                            installation.installed(),
                            "every installed plugin",
                            "",
                            Optional.empty(),
                            Optional.of(e.getMessage())));
            return Map.of();
        }
    }

    private Optional<String> problem(Pin pin, Path archive) {
        String again = "; install it again, or 'kiln plugins remove " + pin.id() + "'";
        try {
            if (!Files.isRegularFile(archive)) {
                return Optional.of("its archive is gone" + again);
            }
            if (pin.key().isPresent() && !trusted().contains(pin.key().get())) {
                return Optional.of(
                        "its key " + pin.key().get() + " is not trusted any more" + again);
            }
            return Sha256.of(archive).equals(pin.sha256())
                    ? Optional.empty()
                    : Optional.of("its archive is not the one that plugins.lock pins" + again);
        } catch (InvalidInput e) {
            return Optional.of(e.getMessage());
        } catch (IOException e) {
            return Optional.of("it cannot be read: " + e);
        }
    }

    private Set<String> trusted() {
        return new Keys(installation.keys())
                .list().stream().map(Key::fingerprint).collect(Collectors.toSet());
    }

    private static List<Path> archives(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".zip")).sorted().toList();
        }
    }
}
