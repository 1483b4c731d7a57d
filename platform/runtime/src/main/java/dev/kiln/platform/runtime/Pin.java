package dev.kiln.platform.runtime;

import java.util.Optional;

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

    /** Another archive has another name, whatever its id and version: these alone may be ambiguous. */
    String fileName() {
        return id + "-" + version + "-" + sha256.substring(0, 12) + ".zip";
    }
}
