package dev.kiln.plugins.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is in the files, they are read as a tokenizer that works, or refused in one line. In a
 * build, only the committed seeds are tried; to search for other inputs, guided by coverage:
 *
 * <pre>{@code
 * JAZZER_FUZZ=1 mvn -pl plugins/tokenizer-bpe test -Dtest=TokenizerFilesFuzzTest#tokenizerJson*
 * }</pre>
 *
 * and the same with {@code #vocabularyAndMerges*}: Jazzer fuzzes one method a run.
 */
class TokenizerFilesFuzzTest {
    private static final String TEXT = "The kiln's 12 pots, Öfen & 窯 <|endoftext|>\n";

    @TempDir static Path folder;

    @FuzzTest(maxDuration = "1m")
    void tokenizerJson(byte[] file) throws IOException {
        Files.write(folder.resolve("tokenizer.json"), file);
        load();
    }

    /** The two files are one input: what comes before the first zero byte is vocab.json. */
    @FuzzTest(maxDuration = "1m")
    void vocabularyAndMerges(byte[] files) throws IOException {
        Files.deleteIfExists(folder.resolve("tokenizer.json"));
        int end = 0;
        while (end < files.length && files[end] != 0) {
            end++;
        }
        Files.write(folder.resolve("vocab.json"), Arrays.copyOf(files, end));
        byte[] merges = Arrays.copyOfRange(files, Math.min(end + 1, files.length), files.length);
        Files.write(folder.resolve("merges.txt"), merges);
        load();
        Files.delete(folder.resolve("vocab.json"));
    }

    private static void load() throws IOException {
        check(new BpeTokenizerFactory());
        check(new Gpt1TokenizerFactory());
    }

    private static void check(TokenizerFactory<?> factory) throws IOException {
        factory.recognizes(folder);
        Tokenizer tokenizer;
        try {
            tokenizer = factory.load(folder);
        } catch (InvalidInput e) {
            assertEquals(1, e.getMessage().lines().count(), "one line: " + e.getMessage());
            assertTrue(e.getMessage().contains(folder.toString()), "names the file");
            return;
        }
        check(tokenizer);
        check(tokenizer.withSpecialTokens());
    }

    private static void check(Tokenizer tokenizer) {
        int[] ids;
        try {
            ids = tokenizer.encode(TEXT);
        } catch (InvalidInput e) {
            assertEquals(1, e.getMessage().lines().count(), "one line: " + e.getMessage());
            return;
        }
        assertTrue(Arrays.stream(ids).allMatch(id -> id >= 0 && id < tokenizer.vocabularySize()));
        String text = new String(tokenizer.decodeBytes(ids), StandardCharsets.UTF_8);
        assertTrue(!tokenizer.lossless() || text.equals(TEXT), "lossless, but gives " + text);
    }
}
