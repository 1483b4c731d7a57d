package dev.kiln.platform.runtime;

import dev.kiln.platform.storage.FileProblem;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Where this Kiln stands.
 *
 * @param home the installation, which may be read-only; its folder {@code plugins} has the archives
 *     that it brings, which {@code SHA256SUMS} there names
 * @param userCache where to unpack archives when the folder that they are in cannot be written to
 * @param userData what the user added: installed plugins, their lock file, trusted keys; need not
 *     exist
 */
public record Installation(Path home, Path userCache, Path userData) {

    /**
     * The installation that the launcher names with {@code -Dkiln.home}, else the current folder.
     * The user's folder is {@code KILN_DATA_HOME}, else where programs keep data on this system; what
     * is unpacked elsewhere is in {@code XDG_CACHE_HOME}, else below {@code KILN_DATA_HOME}, else in
     * {@code ~/.cache}.
     *
     * @throws InvalidInput when one of these is no path
     */
    public static Installation current() {
        Optional<Path> own = variable("KILN_DATA_HOME");
        return new Installation(
                path("kiln.home", System.getProperty("kiln.home", "")).toAbsolutePath(),
                variable("XDG_CACHE_HOME")
                        .map(cache -> cache.resolve("kiln/plugins"))
                        .or(() -> own.map(data -> data.resolve("cache")))
                        .orElseGet(() -> user().resolve(".cache/kiln/plugins")),
                own.orElseGet(() -> data(user()).resolve("kiln")));
    }

    private static Path user() {
        String home = System.getProperty("user.home");
        if (home.equals("?")) { // as Java says it for a user whom the system does not know
            throw new InvalidInput("this user has no home folder; KILN_DATA_HOME names another");
        }
        return path("user.home", home);
    }

    private static Path data(Path user) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            return variable("LOCALAPPDATA").orElseGet(() -> user.resolve("AppData/Local"));
        }
        Path usual =
                user.resolve(
                        system.startsWith("mac") ? "Library/Application Support" : ".local/share");
        return variable("XDG_DATA_HOME").orElse(usual);
    }

    private static Optional<Path> variable(String name) {
        return Optional.ofNullable(System.getenv(name))
                .filter(text -> !text.isBlank())
                .map(text -> path(name, text).toAbsolutePath());
    }

    private static Path path(String name, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InvalidInput(name + " is no path in this locale: " + text, e);
        }
    }

    Path plugins() {
        return home.resolve("plugins");
    }

    Path installed() {
        return userData.resolve("plugins");
    }

    Path lock() {
        return userData.resolve("plugins.lock");
    }

    Path disabled() {
        return userData.resolve("plugins.disabled");
    }

    Path keys() {
        return userData.resolve("keys");
    }

    /**
     * The folder for native libraries, created, of which no other user can have made a part.
     *
     * @throws InvalidInput when there is none that can be written to
     */
    Path natives() {
        Path folder = unpacked(plugins()).resolve("natives");
        try {
            Files.createDirectories(folder);
            if (Files.isWritable(folder)) {
                return folder;
            }
        } catch (IOException e) {
            throw noNatives(folder, e);
        }
        throw noNatives(folder, new AccessDeniedException(folder.toString()));
    }

    private static InvalidInput noNatives(Path folder, IOException problem) {
        return new InvalidInput(
                "native libraries can't be unpacked: "
                        + FileProblem.describe(folder, problem).orElse(problem.toString()),
                problem);
    }

    /** The folder for unpacked archives of a folder, created. */
    Path unpacked(Path archives) {
        Path inside = archives.resolve(".unpacked");
        try {
            Files.createDirectories(inside);
            if (Files.isWritable(inside)) {
                return inside;
            }
        } catch (IOException e) {
            // A read-only folder: go on to the user's cache.
        }
        try {
            return Files.createDirectories(userCache);
        } catch (IOException e) {
            throw new InvalidInput(
                    "plugins can be unpacked neither in "
                            + inside
                            + " nor in "
                            + userCache
                            + "; KILN_DATA_HOME names another folder",
                    e);
        }
    }
}
