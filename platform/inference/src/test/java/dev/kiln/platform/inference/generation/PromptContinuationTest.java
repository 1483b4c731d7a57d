package dev.kiln.platform.inference.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.platform.inference.TinyByteModel;
import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.FolderContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptContinuationTest {
    private final List<String> encoded = new ArrayList<>();

    /** Bytes; notes what it encodes. */
    private final class NotingTokenizer implements Tokenizer {
        private final ByteTokenizer bytes = new ByteTokenizer();

        @Override
        public int vocabularySize() {
            return bytes.vocabularySize();
        }

        @Override
        public int[] encode(String text) {
            encoded.add(text);
            return bytes.encode(text);
        }

        @Override
        public byte[] decodeBytes(int... ids) {
            return bytes.decodeBytes(ids);
        }

        @Override
        public boolean lossless() {
            return true;
        }

        @Override
        public OptionalInt endOfText() {
            return bytes.endOfText();
        }

        @Override
        public void save(Path folder) throws IOException {
            bytes.save(folder);
        }
    }

    @Test
    void aPromptIsEncodedOnceForAllItsSamples(@TempDir Path folder) {
        try (TinyByteModel tiny = new TinyByteModel(12, new NotingTokenizer())) {
            GenerateOptions options =
                    new GenerateOptions(
                            "run",
                            "best",
                            new FixedChoice<Backend>("reference", new ReferenceBackend()),
                            PrecisionChoice.of(Precision.FLOAT32),
                            List.of("ab", "c"),
                            false,
                            3,
                            2,
                            new FixedChoice<>("fixed", (logits, history, length, key) -> 'x'),
                            List.of(),
                            false);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new PromptContinuation(
                            options,
                            new FolderContext(1, folder, List.of()),
                            new PrintStream(out, true, StandardCharsets.UTF_8))
                    .print(tiny.model(), 1 << 20);
            assertEquals(List.of("ab", "c"), encoded);
            assertEquals(
                    List.of("abxx", "abxx", "abxx", "cxx", "cxx", "cxx"),
                    out.toString(StandardCharsets.UTF_8).lines().toList());
        }
    }
}
