package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.distribution.Unpacked.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code kill -9} at random moments of fine-tuning, then the same command again, on the backend that
 * auto takes. {@code -Dkills=30} kills each kind of run 30 times.
 */
class KilledTuningIT {
    private static final String PRETRAIN =
            """
            run: pretrain
            out: base
            data: {text: {path: corpus.txt, heldOut: 0.1}}
            tokenizer: char
            model: {gpt2: {layers: 2, heads: 2, width: 32, context: 32, dropout: 0.1}}
            schedule: {constant: {learningRate: 1e-3}}
            training: {batch: 4, steps: 20}
            samples: {maxTokens: 0}
            """;

    private static final String FINETUNE =
            """
            run: finetune
            from: base
            task:
              task:
                kind: classification
                fields: [text]
                labels: [be, or]
                prompt: {question: "{text}"}
                examples:
                  train: {files: tasks.jsonl}
                  validation: &few
                    - {texts: {text: to}, answer: be}
                    - {texts: {text: not to}, answer: or}
                  test: *few
            schedule: {constant: {learningRate: 1e-3}}
            training: {batch: 4, gradientAccumulation: 2, epochs: 40}
            checkpoints: {every: 10}
            resume: auto
            """;

    private static final String LORA =
            "lora: {rank: 2, alpha: 4, targets: [attn.c_attn], dropout: 0.1}\n";

    private final Random random = new Random();

    @TempDir private Path place;
    private Unpacked kiln;

    @BeforeEach
    void pretrain() throws Exception {
        kiln = Unpacked.in(Files.createDirectories(place.resolve("kiln")));
        Files.writeString(place.resolve("corpus.txt"), "to be, or not to be: ".repeat(200));
        Files.writeString(place.resolve("base.yaml"), PRETRAIN);
        Files.writeString(place.resolve("head.yaml"), recipe());
        Files.writeString(place.resolve("lora.yaml"), recipe() + LORA);
        run("base.yaml", "base");
    }

    private static String recipe() {
        StringBuilder examples = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            String text = "to be or not ".substring(i % 7) + "to ".repeat(i % 4);
            examples.append(
                    "        - {texts: {text: \"%s\"}, answer: %s}\n"
                            .formatted(text, i % 3 == 0 ? "be" : "or"));
        }
        return FINETUNE.replace(
                " {files: tasks.jsonl}", "\n" + examples.toString().stripTrailing());
    }

    private void run(String recipe, String out) throws Exception {
        Result result = kiln.kiln(place, "run", recipe, "out=" + out);
        assertEquals(0, result.exitCode(), result.errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"head", "lora"})
    void whereverItIsKilledItEndsWithTheBitsOfAnUndisturbedRun(String kind) throws Exception {
        long begin = System.nanoTime();
        run(kind + ".yaml", "whole");
        long milliseconds = (System.nanoTime() - begin) / 1_000_000;
        for (int i = 0; i < Integer.getInteger("kills", 2); i++) {
            long moment = 200 + random.nextLong(milliseconds);
            Process killed = kiln.begin(place, "run", kind + ".yaml", "out=broken");
            if (!killed.waitFor(moment, TimeUnit.MILLISECONDS)) {
                killed.destroyForcibly().waitFor();
            }
            run(kind + ".yaml", "broken");
            assertSame(kind + ", killed after " + moment + " ms");
            delete(place.resolve("broken"));
        }
    }

    private void assertSame(String when) throws IOException {
        Path whole = place.resolve("whole");
        Path broken = place.resolve("broken");
        List<Path> checkpoints;
        try (Stream<Path> all = Files.list(whole.resolve("checkpoints"))) {
            checkpoints = all.filter(Files::isDirectory).toList();
        }
        assertTrue(checkpoints.size() > 1, when);
        for (Path checkpoint : checkpoints) {
            for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
                Path path = whole.relativize(checkpoint).resolve(file);
                assertArrayEquals(
                        Files.readAllBytes(whole.resolve(path)),
                        Files.readAllBytes(broken.resolve(path)),
                        when + ": " + path);
            }
        }
        for (String file : List.of("results.json", "predictions.jsonl")) {
            assertEquals(
                    Files.readString(whole.resolve(file)),
                    Files.readString(broken.resolve(file)),
                    when);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
