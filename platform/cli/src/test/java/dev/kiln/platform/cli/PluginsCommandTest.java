package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsCommandTest {
    private static final String MANIFEST =
            """
            Manifest-Version: 1.0
            Plugin-Id: guest
            Plugin-Version: 1.0.0
            Plugin-Description: Does nothing
            Plugin-Requires: >=0.1.0
            """;

    @TempDir private Path folder;

    private String done(String... arguments) {
        Command command = Command.kiln(folder, "", arguments);
        assertEquals("", command.err());
        assertEquals(0, command.exitCode());
        return command.out();
    }

    private void refused(String line, String... arguments) {
        Command command = Command.kiln(folder, "", arguments);
        assertEquals("kiln: " + line + "\n", command.err());
        assertEquals(2, command.exitCode());
        assertEquals("", command.out());
    }

    private String archive() throws IOException {
        return archive("p.Extension\n");
    }

    private String archive(String extensions) throws IOException {
        return archive(MANIFEST, extensions);
    }

    private String archive(String manifest, String extensions) throws IOException {
        Path archive = folder.resolve("guest.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("classes/META-INF/MANIFEST.MF"));
            zip.write(manifest.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("classes/META-INF/extensions.idx"));
            zip.write(extensions.getBytes(StandardCharsets.UTF_8));
        }
        return archive.toString();
    }

    @Test
    void aPluginWithoutExtensionsIsInstalledWithAWarning() throws IOException {
        String archive = archive("# generated\n");
        Command command =
                Command.kiln(
                        folder, "", "plugins", "install", archive, "--allow-unsigned", "guest");
        assertEquals(0, command.exitCode());
        assertEquals("kiln: it has no extension; is the mark @Extension missing?\n", command.err());
    }

    @Test
    void theListSaysWhatTheNextStartDoes() throws IOException {
        String[] list = {"plugins", "list", "--installed"};
        String empty = archive("# generated\n");
        Command.kiln(folder, "", "plugins", "install", empty, "--allow-unsigned", "guest");
        assertTrue(done(list).startsWith("  guest  1.0.0  enabled  unsigned  "));
        String needy = MANIFEST + "Plugin-Dependencies: host\n";
        done("plugins", "install", archive(needy, "p.Extension\n"), "--allow-unsigned", "guest");
        Command lacking = Command.kiln(folder, "", list);
        assertTrue(lacking.out().startsWith("  guest  1.0.0  refused  unsigned  "), lacking.out());
        String json = done("plugins", "list", "--installed", "--json");
        assertTrue(
                json.contains(
                        "\"problem\":\"plugin guest 1.0.0 was refused: it needs plugin host, which"
                                + " is not here\""),
                json);
        Path installed = folder.resolve("data/plugins");
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(installed, "*.zip")) {
            Files.write(archives.iterator().next(), new byte[1], StandardOpenOption.APPEND);
        }
        String changed = done("plugins", "list", "--installed", "--json");
        assertTrue(changed.contains("is not the one that plugins.lock pins"), changed);
    }

    @Test
    void whatIsReplacedIsSaidAndAnOlderVersionNeedsAFlag() throws IOException {
        String[] unsigned = {"--allow-unsigned", "guest"};
        done("plugins", "install", archive(), unsigned[0], unsigned[1]);
        String newer = archive(MANIFEST.replace("1.0.0\n", "1.10.0\n"), "p.Extension\n");
        assertEquals(
                "installed plugin guest 1.10.0, unsigned, in place of 1.0.0\n",
                done("plugins", "install", newer, unsigned[0], unsigned[1]));
        String older = archive(MANIFEST.replace("1.0.0\n", "1.9.0\n"), "p.Extension\n");
        refused(
                older
                        + " was refused: its version 1.9.0 is older than 1.10.0, which is installed"
                        + " (--allow-downgrade guest installs it all the same)",
                "plugins",
                "install",
                older,
                unsigned[0],
                unsigned[1]);
        assertEquals(
                "installed plugin guest 1.9.0, unsigned, in place of 1.10.0\n",
                done(
                        "plugins",
                        "install",
                        older,
                        unsigned[0],
                        unsigned[1],
                        "--allow-downgrade",
                        "guest"));
    }

    @Test
    void listIsWhatPluginsAloneIs() {
        assertEquals(done("plugins"), done("plugins", "list"));
        assertEquals(done("plugins", "--json"), done("plugins", "list", "--json"));
        assertEquals("none\n", done("plugins", "list", "--installed"));
        assertEquals("[]\n", done("plugins", "list", "--installed", "--json"));
    }

    @Test
    void describeSaysWhatAComponentTakes() {
        assertEquals(
                """
                model tiny (platform)
                    context (whole number, default 6)
                """,
                done("plugins", "describe", "tiny"));
        assertTrue(done("plugins", "describe", "model").contains("model tiny (platform)\n"));
        refused(
                "there is no plugin or component 'tinny'; did you mean 'tiny'?",
                "plugins",
                "describe",
                "tinny");
    }

    @Test
    void aPluginIsInstalledDescribedTurnedOffAndRemoved() throws IOException {
        String archive = archive();
        String unsigned = "it is not signed: there is no " + archive + ".sig";
        refused(archive + " is sound, but " + unsigned, "plugins", "verify", archive);
        refused(
                archive
                        + " was refused: "
                        + unsigned
                        + " (--allow-unsigned guest installs it all the same)",
                "plugins",
                "install",
                archive);
        assertEquals(
                "installed plugin guest 1.0.0, unsigned\n",
                done("plugins", "install", archive, "--allow-unsigned", "guest"));
        assertEquals("disabled plugin guest\n", done("plugins", "disable", "guest"));
        String described = done("plugins", "describe", "guest");
        assertTrue(
                described.startsWith(
                        """
                        plugin guest 1.0.0
                          does      Does nothing
                          requires  SPI >=0.1.0
                          from      installed, unsigned
                          SHA-256\
                        """),
                described);
        assertTrue(
                described.endsWith(
                        "  not used  plugin guest 1.0.0 is disabled; 'kiln plugins enable guest'\n"),
                described);
        assertTrue(
                done("plugins", "list", "--installed")
                        .startsWith("  guest  1.0.0  disabled  unsigned  "));
        assertEquals("enabled plugin guest\n", done("plugins", "enable", "guest"));
        assertEquals("removed plugin guest 1.0.0\n", done("plugins", "remove", "guest"));
        refused("no plugin 'guest' is installed", "plugins", "remove", "guest");
    }

    @Test
    void keysAreMadeListedUsedAndRemoved() throws IOException {
        String archive = archive();
        assertEquals("none\n", done("plugins", "keys"));
        Path file = folder.resolve("data/keys/me.pub");
        String made = done("plugins", "keys", "generate", "me");
        assertTrue(made.startsWith("key me SHA256:") && made.endsWith(": " + file + "\n"), made);
        assertTrue(done("plugins", "keys", "list").endsWith("  " + file + "  yours\n"));
        assertEquals(archive + ".sig\n", done("plugins", "sign", archive, "--key", "me"));
        assertTrue(
                done("plugins", "verify", archive)
                        .startsWith("plugin guest 1.0.0, signed by me, SHA-256 "));
        refused(
                "key 'me' is your own: --private deletes its private key too",
                "plugins",
                "keys",
                "remove",
                "me");
        Path copy = Files.copy(file, folder.resolve("other.pub"));
        done("plugins", "keys", "remove", "me", "--private");
        done("plugins", "keys", "add", "other", copy.toString());
        assertEquals(
                "installed plugin guest 1.0.0, signed by other\n",
                done("plugins", "install", archive));
    }
}
