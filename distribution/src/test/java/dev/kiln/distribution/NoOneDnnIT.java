package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.distribution.Unpacked.Result;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Kiln whose oneDNN has no libraries for the platform, as on macOS with arm64. */
class NoOneDnnIT {
    private static final String RECIPE =
            """
            run: pretrain
            data: {text: {path: corpus.txt, heldOut: 0.2}}
            tokenizer: char
            model: {gpt2: {layers: 1, heads: 2, width: 8, context: 8, dropout: 0}}
            precision: auto
            training: {batch: 2, steps: 2}
            samples: {maxTokens: 0}
            """;

    @TempDir private static Path place;
    private static Unpacked kiln;

    @BeforeAll
    static void takeTheLibrariesAway() throws Exception {
        kiln = Unpacked.in(Files.createDirectories(place.resolve("kiln")));
        Path plugins = kiln.home().resolve("plugins");
        try (DirectoryStream<Path> archives =
                Files.newDirectoryStream(plugins, "backend-onednn-*.zip")) {
            for (Path archive : archives) {
                deleteLibraries(archive);
                list(archive, plugins.resolve("SHA256SUMS"));
            }
        }
        Files.writeString(place.resolve("corpus.txt"), "to be or not to be, ".repeat(200));
        Files.writeString(place.resolve("tiny.yaml"), RECIPE);
    }

    /** Of a plugin's archive: jars whose names end with a platform. */
    private static void deleteLibraries(Path archive) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(archive);
                DirectoryStream<Path> jars =
                        Files.newDirectoryStream(zip.getPath("lib"), "dnnl-*-*-*-*.jar")) {
            for (Path jar : jars) {
                Files.delete(jar);
            }
        }
    }

    /** Makes the archive, as it is now, one of the installation. */
    private static void list(Path archive, Path sums) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive));
        Files.writeString(
                sums,
                Files.readString(sums)
                        .replaceAll(
                                "[0-9a-f]{64}(?=  "
                                        + Pattern.quote("" + archive.getFileName())
                                        + ")",
                                HexFormat.of().formatHex(hash)));
    }

    private static List<String> lines(Result result, String part) {
        return result.errors().lines().filter(line -> line.contains(part)).toList();
    }

    @Test
    void autoGoesOnToNd4jInFloat32AndSaysWhyInOneLine() throws Exception {
        Result result = kiln.kiln(place, "run", "tiny.yaml", "out=auto");
        assertEquals(0, result.exitCode(), result.errors());
        assertEquals(1, lines(result, "kiln: backend nd4j: ").size(), result.errors());
        List<String> passedOver = lines(result, "backend not taken: onednn: ");
        assertEquals(1, passedOver.size(), result.errors());
        assertTrue(
                passedOver.getFirst().contains("this build has no oneDNN for "),
                passedOver.getFirst());
    }

    @Test
    void bfloat16IsRefusedInOneLine() throws Exception {
        Result result = kiln.kiln(place, "run", "tiny.yaml", "out=half", "precision=bfloat16");
        assertEquals(2, result.exitCode(), result.errors());
        List<String> refused = lines(result, "computes in float32, not in bfloat16");
        assertEquals(1, refused.size(), result.errors());
    }

    @Test
    void oneDnnByNameIsRefusedInOneLine() throws Exception {
        Result result = kiln.kiln(place, "run", "tiny.yaml", "out=named", "backend=onednn");
        assertEquals(2, result.exitCode(), result.errors());
        List<String> refused = lines(result, "onednn");
        assertEquals(1, refused.size(), result.errors());
        assertTrue(
                refused.getFirst().contains("does not start here: this build has no oneDNN for "),
                refused.getFirst());
    }
}
