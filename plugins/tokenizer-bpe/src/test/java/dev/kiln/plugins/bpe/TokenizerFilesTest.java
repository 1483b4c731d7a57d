package dev.kiln.plugins.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerFilesTest {
    private static final BpeTokenizerFactory FACTORY = new BpeTokenizerFactory();

    @TempDir Path folder;

    @BeforeEach
    void copyGoodFiles() throws IOException {
        for (String name : List.of("vocab.json", "merges.txt")) {
            Files.copy(Fixture.path("trained/" + name), folder.resolve(name));
        }
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(folder.resolve("merges.txt"));
        assertRefused("merges.txt", ": no such file; expected a tokenizer's merges");
        Files.delete(folder.resolve("vocab.json"));
        assertRefused("vocab.json", ": no such file; expected a tokenizer's vocabulary");
    }

    @Test
    void jsonThatBreaksOffIsNamedWithItsPlace() throws IOException {
        write("vocab.json", "{\"a\": 0,\n \"b\"");
        assertEquals(
                folder.resolve("vocab.json") + ":2:5",
                refusal().replaceAll("^(.*?:2:\\d+).*", "$1"));
    }

    @Test
    void aTokenThatComesTwiceIsRefused() throws IOException {
        write("vocab.json", "{\"a\": 0,\n\"a\": 1}");
        assertRefused("vocab.json", ":2:4: Duplicate field 'a'");
    }

    @Test
    void anIdThatIsNoNumberIsRefused() throws IOException {
        write("vocab.json", "{\"a\": 0,\n\"b\": \"1\"}");
        assertRefused("vocab.json", ":2:6: expected an id");
        write("vocab.json", "{\"a\": -1}");
        assertRefused("vocab.json", ":1:7: expected an id in [0, 10000000)");
        write("vocab.json", "[]");
        assertRefused("vocab.json", ":1:1: expected an object of ids");
        write("vocab.json", "{} {}");
        assertRefused("vocab.json", ":1:4: expected nothing after the object");
    }

    @Test
    void idsWithAGapAreRefused() throws IOException {
        write("merges.txt", "#version: 0.2\n");
        write("vocab.json", "{\"a\": 0, \"b\": 2}");
        assertRefused("vocab.json", ": expected the ids 0 to 1, each once; 'b' has 2");
    }

    @Test
    void ofAVocabularyThatLacksABytePartOfATextIsRefused() throws IOException {
        write("merges.txt", "#version: 0.2\n");
        write("vocab.json", "{\"a\": 0, \"b\": 1}");
        Tokenizer two = FACTORY.load(folder);
        assertArrayEquals(new int[] {0, 1, 1}, two.encode("abb"));
        assertEquals(
                "the vocabulary has no token for the byte 195 (Ã) of the text",
                assertThrows(InvalidInput.class, () -> two.encode("abü")).getMessage());
    }

    @Test
    void aMergeOfAnUnknownTokenIsNamedWithItsLine() throws IOException {
        write("merges.txt", "#version: 0.2\nh e\nq z\n");
        assertRefused("merges.txt", ":3: vocab.json has no token 'qz'");
    }

    @Test
    void aLineThatIsNoMergeIsNamed() throws IOException {
        write("merges.txt", "#version: 0.2\na\n");
        assertRefused("merges.txt", ":2: expected two tokens with a space between them, got 'a'");
    }

    @Test
    void whatIsNotUtf8IsRefused() throws IOException {
        Files.write(folder.resolve("merges.txt"), new byte[] {'a', ' ', (byte) 0xff, '\n'});
        assertRefused("merges.txt", ": not UTF-8 from byte 2 on");
        Files.write(
                folder.resolve("vocab.json"),
                "{\"\u00ff\": 0}".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused("vocab.json", ": not UTF-8 from byte 2 on");
    }

    /** As in RoBERTa's files, whose ids are in an order of their own. */
    @Test
    void idsMayBeInAnyOrderWithSpecialTokensAmongThem() throws IOException {
        Tokenizer original = FACTORY.load(folder);
        String vocabulary = Files.readString(folder.resolve("vocab.json"));
        int size = original.vocabularySize();
        StringBuilder reversed = new StringBuilder("{\"<pad>\": " + size);
        var entry = Pattern.compile("(\"(?:\\\\.|[^\"\\\\])+\"): (\\d+)");
        var matcher = entry.matcher(vocabulary);
        while (matcher.find()) {
            int id = size - 1 - Integer.parseInt(matcher.group(2));
            reversed.append(", ").append(matcher.group(1)).append(": ").append(id);
        }
        write("vocab.json", reversed + "}");
        Tokenizer loaded = FACTORY.load(folder);
        String text = "The kiln is warm, <pad> and so is the potter's öven.";
        int[] expected = original.encode(text);
        for (int i = 0; i < expected.length; i++) {
            expected[i] = size - 1 - expected[i];
        }
        assertArrayEquals(expected, loaded.encode(text));
        assertEquals(text, loaded.decode(loaded.encode(text)));
        assertEquals("", loaded.decode(size));
        assertEquals(0, loaded.endOfText().getAsInt());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private void assertRefused(String file, String message) {
        assertEquals(folder.resolve(file) + message, refusal());
    }

    private String refusal() {
        return assertThrows(InvalidInput.class, () -> FACTORY.load(folder)).getMessage();
    }
}
