package dev.kiln.platform.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A detached signature: two lines of text in {@code ARCHIVE.sig}.
 *
 * @param key the fingerprint of the key that made it
 * @param base64 of the 64 bytes of Ed25519ph
 */
record ArchiveSignature(String key, String base64) {
    private static final int MOST_BYTES = 1024;
    private static final Pattern TEXT =
            Pattern.compile(
                    "key: (" + Keys.FINGERPRINT + ")\\R" + "signature: ([A-Za-z0-9+/]{86}==)\\R?");

    static Path beside(Path archive) {
        return archive.resolveSibling(archive.getFileName() + ".sig");
    }

    static ArchiveSignature of(String key, byte[] bytes) {
        return new ArchiveSignature(key, Base64.getEncoder().encodeToString(bytes));
    }

    /**
     * Reads the file of one.
     *
     * @throws PluginRefused when it is none. A link, a device or a pipe is not even opened: who gives
     *     an archive away may have put anything beside it
     */
    static ArchiveSignature read(Path file) throws IOException, PluginRefused {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                || Files.size(file) > MOST_BYTES) {
            throw new PluginRefused(
                    "its signature is no regular file of at most "
                            + MOST_BYTES
                            + " bytes: "
                            + file);
        }
        Matcher matcher = TEXT.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!matcher.matches()) {
            throw new PluginRefused("its signature is broken: " + file);
        }
        return new ArchiveSignature(matcher.group(1), matcher.group(2));
    }

    byte[] bytes() {
        return Base64.getDecoder().decode(base64);
    }

    String text() {
        return "key: " + key + "\nsignature: " + base64 + "\n";
    }
}
