package dev.kiln.platform.runtime;

import dev.kiln.platform.storage.AtomicFile;
import dev.kiln.platform.storage.FileProblem;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code plugins.lock}: the plugins that the user installed, a line each. */
final class PluginLock {
    private static final String HEADER =
            "# Written by 'kiln plugins': id, version, SHA-256 of the archive, the key that signed it.\n";
    private static final String UNSIGNED = "unsigned";
    private static final Pattern LINE =
            Pattern.compile(
                    Manifests.ID
                            + " "
                            + Manifests.VERSION
                            + " (?<sha256>[0-9a-f]{64}) (?<key>"
                            + UNSIGNED
                            + "|"
                            + Keys.FINGERPRINT
                            + ")");

    private PluginLock() {}

    /**
     * The plugins by id.
     *
     * @throws InvalidInput when the file is not as it was written
     */
    static SortedMap<String, Pin> read(Path file) {
        SortedMap<String, Pin> pins = new TreeMap<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                Pin pin = pin(line, file + ":" + number);
                if (pins.put(pin.id(), pin) != null) {
                    throw new InvalidInput(
                            file + ":" + number + ": " + pin.id() + " is there twice");
                }
            }
        }
        return pins;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new InvalidInput(
                    FileProblem.describe(file, e).orElse(file + ": cannot be read: " + e), e);
        }
    }

    private static Pin pin(String line, String place) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new InvalidInput(
                    place + ": expected an id, a version, a SHA-256 and a key, or 'unsigned'");
        }
        return new Pin(
                matcher.group("id"),
                matcher.group("version"),
                matcher.group("sha256"),
                Optional.of(matcher.group("key")).filter(key -> !key.equals(UNSIGNED)));
    }

    /** Replaces the file, all at once. */
    static void write(Path file, Collection<Pin> pins) throws IOException {
        String text =
                pins.stream()
                        .map(
                                pin ->
                                        String.join(
                                                " ",
                                                pin.id(),
                                                pin.version(),
                                                pin.sha256(),
                                                pin.key().orElse(UNSIGNED)))
                        .collect(Collectors.joining("\n", HEADER, "\n"));
        AtomicFile.write(file, text);
    }
}
