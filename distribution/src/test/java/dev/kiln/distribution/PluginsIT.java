package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.kiln.distribution.Unpacked.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin of others, from signing to removal, with the archive that a user has. */
class PluginsIT {
    private static final String SOURCE =
            """
            package guest;
            import dev.kiln.spi.*;
            import dev.kiln.spi.run.*;
            import java.nio.file.*;
            public class Heard implements RunListenerFactory<Heard.Options> {
                public record Options(
                    @Doc("where it writes") @Default("heard.txt") String file,
                    @Range(min = 1, max = 9) @Default("2") int times) {}
                public String name() { return "heard"; }
                public Class<Options> options() { return Options.class; }
                public RunListener create(Options options, Context context) {
                    return event -> Files.writeString(context.resolve(options.file()), "heard");
                }
            }
            """;

    private static final String MANIFEST =
            """
            Manifest-Version: 1.0
            Plugin-Id: guest
            Plugin-Version: 1.0.0
            Plugin-Description: Hears
            Plugin-Requires: >=0.1.0 & <0.2.0
            """;

    private static final String RECIPE =
            """
            run: pretrain
            out: trained
            data: {text: {path: corpus.txt, heldOut: 0.2}}
            tokenizer: char
            model: {gpt2: {layers: 1, heads: 2, width: 16, context: 16, dropout: 0}}
            training: {batch: 4, steps: 2}
            samples: {maxTokens: 0}
            listeners: [{heard: {times: 3}}]
            """;

    @TempDir private static Path place;
    private static Unpacked kiln;
    @TempDir private Path here;

    @BeforeAll
    static void unpack() throws Exception {
        kiln = Unpacked.in(Files.createDirectories(place.resolve("kiln")));
        Path source = Files.writeString(place.resolve("Heard.java"), SOURCE);
        String[] compile = {
            "-proc:none",
            "-d",
            place.resolve("classes").toString(),
            "-classpath",
            System.getProperty("java.class.path"),
            source.toString()
        };
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, compile));
    }

    private Path archive(String... moreEntries) throws IOException {
        Path archive = here.resolve("guest.zip");
        Path classes = place.resolve("classes/guest");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive));
                DirectoryStream<Path> files = Files.newDirectoryStream(classes)) {
            add(zip, "classes/META-INF/MANIFEST.MF", MANIFEST.getBytes(StandardCharsets.UTF_8));
            add(
                    zip,
                    "classes/META-INF/extensions.idx",
                    "guest.Heard\n".getBytes(StandardCharsets.UTF_8));
            for (Path file : files) {
                add(zip, "classes/guest/" + file.getFileName(), Files.readAllBytes(file));
            }
            for (String entry : moreEntries) {
                add(zip, entry, new byte[1]);
            }
        }
        return archive;
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }

    private static Path installed(Path plugins) throws IOException {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(plugins, "*.zip")) {
            return archives.iterator().next();
        }
    }

    private String done(String... arguments) throws Exception {
        Result result = kiln.kiln(here, arguments);
        assertEquals(0, result.exitCode(), result.errors());
        assertEquals("", result.errors());
        return result.output();
    }

    /** Exit code 2, and one line that says what was expected to be said. */
    private void refused(String part, String... arguments) throws Exception {
        Result result = kiln.kiln(here, arguments);
        assertEquals(2, result.exitCode(), result.errors());
        String last = result.errors().lines().toList().getLast();
        assertTrue(last.startsWith("kiln: ") && last.contains(part), result.errors());
    }

    @Test
    void isSignedInstalledUsedTurnedOffAndRemoved() throws Exception {
        Files.writeString(here.resolve("corpus.txt"), "to be or not to be, ".repeat(200));
        Files.writeString(here.resolve("tiny.yaml"), RECIPE);
        archive();
        refused("it is not signed", "plugins", "install", "guest.zip");
        done("plugins", "keys", "generate", "me");
        assertEquals("guest.zip.sig\n", done("plugins", "sign", "guest.zip", "--key", "me"));
        String verified = done("plugins", "verify", "guest.zip");
        assertTrue(verified.startsWith("plugin guest 1.0.0, signed by me, SHA-256 "), verified);
        assertEquals(
                "installed plugin guest 1.0.0, signed by me\n",
                done("plugins", "install", "guest.zip"));
        String installed = done("plugins", "list", "--installed");
        assertTrue(installed.startsWith("  guest  1.0.0  enabled  signed by me  "), installed);
        assertEquals(
                """
                run listener heard (plugin guest 1.0.0)
                    file (text, default "heard.txt"): where it writes
                    times (whole number from 1 to 9, default 2)
                """,
                done("plugins", "describe", "heard"));
        Schema schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(done("schema"), InputFormat.JSON);
        assertEquals(List.of(), schema.validate(RECIPE, InputFormat.YAML));
        assertFalse(
                schema.validate(RECIPE.replace("times: 3", "times: 10"), InputFormat.YAML)
                        .isEmpty());
        Result run = kiln.kiln(here, "run", "tiny.yaml");
        assertEquals(0, run.exitCode(), run.errors());
        assertEquals("heard", Files.readString(here.resolve("heard.txt")));

        done("plugins", "disable", "guest");
        refused("(plugin guest 1.0.0 is disabled; ", "validate", "tiny.yaml");
        done("plugins", "enable", "guest");
        Path archive = installed(here.resolve(".kiln-data/plugins"));
        Files.write(archive, new byte[1], StandardOpenOption.APPEND);
        String reason =
                "plugin guest 1.0.0 was refused: its archive is not the one that plugins.lock pins";
        refused(reason, "validate", "tiny.yaml");
        Result listed = kiln.kiln(here, "plugins", "list", "--installed");
        assertTrue(listed.output().startsWith("  guest  1.0.0  refused  "), listed.output());
        Result others = kiln.kiln(here, "plugins");
        assertEquals(0, others.exitCode());
        assertTrue(others.output().contains("(plugin samplers "), others.output());
        assertEquals(1, others.errors().lines().count(), others.errors());
        assertTrue(others.errors().startsWith("kiln: " + reason), others.errors());
        assertEquals("removed plugin guest 1.0.0\n", done("plugins", "remove", "guest"));
        refused("unknown run listener 'heard'", "validate", "tiny.yaml");
    }

    @Test
    void thatLeavesItsFolderIsRefusedAndLeavesNothing() throws Exception {
        archive("lib/../../../evil.txt");
        refused(
                "guest.zip was refused: its entry 'lib/../../../evil.txt' leaves its folder",
                "plugins",
                "install",
                "guest.zip",
                "--allow-unsigned",
                "guest");
        try (Stream<Path> all = Files.walk(place.getParent())) {
            assertFalse(all.anyMatch(path -> path.endsWith("evil.txt")));
        }
        try (Stream<Path> all = Files.list(here.resolve(".kiln-data/plugins"))) {
            assertEquals(List.of(), all.toList());
        }
    }
}
