package dev.kiln.plugins.bpe;

import dev.kiln.spi.NoOptions;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.testkit.fixtures.FolderContext;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Encodes what src/test/python/live_check.py made with Kiln's {@code gpt2}, checks that it decodes
 * to the same, and prints the speed on one thread.
 */
final class EncodeFiles {
    private static final int ROUNDS = 5;

    private EncodeFiles() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Tokenizer gpt2 =
                new Gpt2TokenizerFactory().create(new NoOptions(), new FolderContext(1, folder));
        encodeText(gpt2, folder);
        encodeCases(gpt2, folder);
    }

    private static void encodeText(Tokenizer gpt2, Path folder) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("text.txt"));
        String text = new String(bytes, StandardCharsets.UTF_8);
        int[] ids = {};
        for (int round = 1; round <= ROUNDS; round++) {
            long start = System.nanoTime();
            ids = gpt2.encode(text);
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf("round %d: %.1f MB/s%n", round, bytes.length / seconds / 1e6);
        }
        require(Arrays.equals(ids, gpt2.encodeBytes(bytes)), "encodeBytes gives other ids");
        require(text.equals(gpt2.decode(ids)), "the text decodes to something else");
        Files.writeString(folder.resolve("text.ids"), Arrays.toString(ids));
    }

    private static void encodeCases(Tokenizer gpt2, Path folder) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("bytes.ids"))) {
            for (String line : Files.readAllLines(folder.resolve("bytes.hex"))) {
                byte[] bytes = HexFormat.of().parseHex(line);
                int[] ids = gpt2.encodeBytes(bytes);
                require(Arrays.equals(bytes, gpt2.decodeBytes(ids)), "bytes decode to others");
                out.write(Arrays.toString(ids) + "\n");
            }
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
