package dev.kiln.platform.runtime;

import java.util.Optional;
import org.pf4j.DefaultVersionManager;

/**
 * A plugin that the user installed.
 *
 * @param sha256 of its archive, in lower-case hexadecimal digits
 * @param key the fingerprint of the key that signed it; empty when the user took it unsigned
 */
public record Pin(String id, String version, String sha256, Optional<String> key) {

    String label() {
        return "plugin " + id + " " + version;
    }

    /** Whether another version comes before this one; never where one is no semantic version. */
    boolean isNewerThan(String other) {
        try {
            return new DefaultVersionManager().compareVersions(version, other) > 0;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Another archive has another name, whatever its id and version: these alone may be ambiguous. */
    String fileName() {
        return id + "-" + version + "-" + sha256.substring(0, 12) + ".zip";
    }
}
