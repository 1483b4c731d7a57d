package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.distribution.Unpacked.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs on a machine of Egypt, whose digits are ٠ to ٩, and on one of Turkey, whose i is ı. */
class LocaleIT {
    private static final String PRETRAIN =
            """
            run: pretrain
            out: model
            data: {text: {path: corpus.txt, heldOut: 0.2}}
            tokenizer: {char: {also: "\\n"}}
            model: {gpt2: {layers: 1, heads: 2, width: 16, context: 32, dropout: 0}}
            training: {batch: 4, steps: 4}
            samples: {prompts: [to be], maxTokens: 4}
            """;

    private static final String EVALUATE =
            """
            run: evaluate
            out: evaluated
            model: model
            shots: [0, 1]
            tasks:
              - task:
                  kind: classification
                  fields: [text]
                  labels: [be, or]
                  prompt: {question: "{text}"}
                  examples:
                    train: &some
                      - {texts: {text: to}, answer: be}
                      - {texts: {text: not to}, answer: or}
                    validation: *some
                    test: *some
            """;

    @TempDir private static Path place;
    private static Unpacked kiln;

    @BeforeAll
    static void unpack() throws Exception {
        kiln = Unpacked.in(place);
    }

    private static void runBoth(Path folder, String language, String country) throws Exception {
        Files.writeString(folder.resolve("corpus.txt"), "to be or not to be, ".repeat(200));
        Files.writeString(folder.resolve("pretrain.yaml"), PRETRAIN);
        Files.writeString(folder.resolve("evaluate.yaml"), EVALUATE);
        for (String recipe : List.of("pretrain.yaml", "evaluate.yaml")) {
            Result result =
                    Unpacked.execute(
                            folder,
                            List.of(
                                    "env",
                                    "KILN_JAVA_OPTS=-Duser.language=%s -Duser.country=%s"
                                            .formatted(language, country),
                                    kiln.home().resolve("bin/kiln").toString(),
                                    "run",
                                    recipe));
            assertEquals(0, result.exitCode(), result.errors());
            assertEquals("", otherDigits(result.output() + result.errors()));
        }
    }

    /** The digits of a text that are none of 0 to 9. */
    private static String otherDigits(String text) {
        return text.codePoints()
                .filter(c -> c > 127 && Character.isDigit(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void namesAndContentsOfAllFilesAreTheSameInEveryLocale(@TempDir Path here) throws Exception {
        Path egypt = Files.createDirectory(here.resolve("egypt"));
        Path turkey = Files.createDirectory(here.resolve("turkey"));
        runBoth(egypt, "ar", "EG");
        runBoth(turkey, "tr", "TR");
        int looked = 0;
        for (Path file : files(egypt)) {
            assertEquals("", otherDigits(file.getFileName().toString()), file.toString());
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            if (content.indexOf('\0') < 0) {
                assertEquals("", otherDigits(Files.readString(file)), file.toString());
                looked++;
            }
        }
        assertTrue(looked >= 10, () -> "expected more text files: " + egypt);
        for (String result : List.of("evaluated/results.json", "model/samples.txt")) {
            assertEquals(withoutTime(egypt.resolve(result)), withoutTime(turkey.resolve(result)));
        }
    }

    private static List<String> withoutTime(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.contains("\"seconds\""))
                .toList();
    }
}
