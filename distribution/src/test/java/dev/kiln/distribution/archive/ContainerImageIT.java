package dev.kiln.distribution.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The container image, started without an engine: its layers as a root of its own. */
@EnabledOnOs(OS.LINUX)
class ContainerImageIT {
    private static final String VERSION = System.getProperty("kiln.version");
    private static final List<String> OWN_ROOT =
            List.of("unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork");
    private static final List<String> TAR = List.of("tar");
    private static final String RECIPE =
            """
            run: pretrain
            out: /work/trained
            data: {text: {path: /work/corpus.txt, heldOut: 0.2}}
            tokenizer: char
            model: {gpt2: {layers: 1, heads: 2, width: 16, context: 16, dropout: 0}}
            training: {batch: 4, steps: 2}
            samples: {maxTokens: 0}
            """;

    @TempDir private Path place;

    @Test
    void itsEntryPointIsKiln() throws Exception {
        Assumptions.assumeTrue(execute(OWN_ROOT, List.of("true")) == 0, "no root of one's own");
        Path tar = place.resolve("image.tar");
        ContainerImage.main(
                new String[] {
                    System.getProperty("kiln.archive"),
                    tar.toString(),
                    "kiln:test",
                    ContainerImage.LIBRARIES,
                    System.getProperty("kiln.timestamp")
                });
        Path image = Files.createDirectory(place.resolve("image"));
        Path root = Files.createDirectory(place.resolve("root"));
        assertEquals(0, execute(TAR, List.of("-xf", tar.toString(), "-C", image.toString())));
        JsonNode manifest = json(image.resolve("manifest.json")).path(0);
        assertEquals("kiln:test", manifest.path("RepoTags").path(0).asText());
        for (JsonNode layer : manifest.path("Layers")) {
            String file = image.resolve(layer.asText()).toString();
            assertEquals(0, execute(TAR, List.of("-xzf", file, "-C", root.toString())));
        }
        JsonNode config = json(image.resolve(manifest.path("Config").asText())).path("config");

        assertTrue(run(root, config, "--version").contains("kiln " + VERSION));
        Path work = root.resolve(config.path("WorkingDir").asText().substring(1));
        Files.writeString(work.resolve("corpus.txt"), "to be or not to be, ".repeat(100));
        Files.writeString(work.resolve("recipe.yaml"), RECIPE);
        run(root, config, "run", "/work/recipe.yaml");
        assertTrue(Files.isDirectory(work.resolve("trained/checkpoints")), "no model");
        assertTrue(run(root, config, "doctor").contains("came with Kiln     true"));
    }

    /** What the entry point prints with these words behind it; the working folder is the root. */
    private String run(Path root, JsonNode config, String... words) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "sh",
                                "-c",
                                "mkdir -p $0/dev $0/proc && mount --rbind /dev $0/dev"
                                        + " && mount -t proc proc $0/proc"
                                        + " && exec env -i \"$@\"",
                                root.toString()));
        config.path("Env").forEach(variable -> command.add(variable.asText()));
        command.addAll(List.of("/usr/sbin/chroot", root.toString()));
        config.path("Entrypoint").forEach(word -> command.add(word.asText()));
        Collections.addAll(command, words);
        assertEquals(0, execute(OWN_ROOT, command), this::said);
        return said();
    }

    private int execute(List<String> prefix, List<String> command) throws Exception {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(command);
        return new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(place.resolve("said.txt").toFile())
                .start()
                .waitFor();
    }

    private String said() {
        try {
            return Files.readString(place.resolve("said.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }
}
