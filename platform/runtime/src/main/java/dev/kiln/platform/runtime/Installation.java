package dev.kiln.platform.runtime;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where this Kiln stands.
 *
 * @param home the installation, which may be read-only; its folder {@code plugins} has the archives
 * @param userCache where to unpack archives when that folder cannot be written to
 */
public record Installation(Path home, Path userCache) {

    /** The installation that the launcher names with {@code -Dkiln.home}, else the current folder. */
    public static Installation current() {
        Path cache =
                Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                        .filter(text -> !text.isBlank())
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
        return new Installation(
                Path.of(System.getProperty("kiln.home", "")).toAbsolutePath(),
                cache.resolve("kiln").resolve("plugins"));
    }

    Path plugins() {
        return home.resolve("plugins");
    }

    /** The folder for unpacked archives, created. */
    Path unpacked() {
        Path inside = plugins().resolve(".unpacked");
        try {
            Files.createDirectories(inside);
            if (Files.isWritable(inside)) {
                return inside;
            }
        } catch (IOException e) {
            // A read-only installation: go on to the user's own folder.
        }
        try {
            return Files.createDirectories(userCache);
        } catch (IOException e) {
            throw new InvalidInput(
                    "plugins can be unpacked neither in " + inside + " nor in " + userCache, e);
        }
    }
}
