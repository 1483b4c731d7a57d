package dev.kiln.plugins.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Variants of the tokenizer.json that transformers saved; see make_fixtures.py. */
class TokenizerJsonTest {
    private static final BpeTokenizerFactory FACTORY = new BpeTokenizerFactory();

    @TempDir Path folder;
    private String saved = "";

    @BeforeEach
    void read() throws IOException {
        saved = Files.readString(Fixture.path("trained-saved/tokenizer.json"));
    }

    @Test
    void otherTokenizersAreRefused() throws IOException {
        assertRefusedWith(
                "\"type\": \"BPE\"",
                "\"type\": \"WordPiece\"",
                "model.type: expected \"BPE\", found \"WordPiece\"");
        assertRefusedWith(
                "\"type\": \"BPE\"",
                "\"type\": \"Unigram\"",
                "model.type: expected \"BPE\", found \"Unigram\"");
        assertRefusedWith(
                "\"type\": \"ByteLevel\"",
                "\"type\": \"Metaspace\"",
                "pre_tokenizer.type: expected \"ByteLevel\", found \"Metaspace\"");
        assertRefusedWith(
                "\"normalizer\": null",
                "\"normalizer\": {\"type\": \"NFC\"}",
                "normalizer: expected null, found an object of type \"NFC\"");
    }

    @Test
    void anUnknownSettingIsNamedWithTheNearestKnownOne() throws IOException {
        assertRefusedWith(
                "\"fuse_unk\"",
                "\"fuse_ukn\"",
                "unknown setting model.fuse_ukn; did you mean model.fuse_unk?");
    }

    @Test
    void aPostProcessorThatIsNoTemplateOrABrokenOneIsRefused() throws IOException {
        assertRefusedWith(
                "\"type\": \"TemplateProcessing\"",
                "\"type\": \"RobertaProcessing\"",
                "post_processor: expected null, ByteLevel or TemplateProcessing,"
                        + " found an object of type \"RobertaProcessing\"");
        assertRefusedWith(
                "\"special_tokens\": {}",
                "\"special_tokens\": 1",
                "expected the members of a TemplateProcessing");
        assertRefusedWith(
                "\"single\": [",
                "\"single\": [{\"SpecialToken\": {\"id\": \"[BOT]\"}},",
                "expected one of special_tokens with its ids");
        assertRefusedWith(
                "\"single\": [",
                "\"single\": [{\"Sequence\": {\"id\": \"A\"}},",
                "expected a SpecialToken, or one Sequence");
    }

    @Test
    void aTemplatesIdsAreOfTheVocabulary() throws IOException {
        String token = "{\"SpecialToken\": {\"id\": \"b\", \"type_id\": 0}},";
        Files.writeString(
                folder.resolve("tokenizer.json"),
                saved.replaceFirst("\"single\": \\[", "\"single\": [" + token)
                        .replace(
                                "\"special_tokens\": {}",
                                "\"special_tokens\": {\"b\": {\"ids\": [600]}}"));
        InvalidInput refusal = assertThrows(InvalidInput.class, () -> FACTORY.load(folder));
        assertEquals(
                folder.resolve("tokenizer.json")
                        + ": post_processor: expected ids in [0, 600), got 600",
                refusal.getMessage());
    }

    @Test
    void mergesThatDoNotFitTheVocabularyAreRefused() throws IOException {
        assertRefusedWith(
                "\"merges\": [",
                "\"merges\": [[\"a\", \"q\"],",
                "the vocabulary has no token 'aq'");
        assertRefusedWith("\"merges\": [", "\"merges\": [7,", "expected a merge: two tokens");
    }

    @Test
    void idsWithAGapAndIdsThatComeTwiceAreRefused() throws IOException {
        String refusal = refusal(saved.replace("\"%\": 4,", "\"%\": 3,"));
        assertEquals(
                folder.resolve("tokenizer.json")
                        + ": expected the ids 0 to 599, each once; '%' has 3",
                refusal);
        refusal = refusal(saved.replace("\"id\": 599", "\"id\": 601"));
        assertEquals("expected the id 599 of '<|endoftext|>', got 601", afterPlace(refusal));
    }

    @Test
    void aFileThatBreaksOffIsRefusedAtEveryPlace() throws IOException {
        for (int length = 0; length < saved.length(); length += 997) {
            String refusal = refusal(saved.substring(0, length));
            assertEquals(1, refusal.lines().count(), refusal);
        }
    }

    @Test
    void aHugeFileIsNotRead() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(300L << 20);
        }
        assertEquals(
                file + ": 314572800 bytes; expected at most 268435456",
                assertThrows(InvalidInput.class, () -> FACTORY.load(folder)).getMessage());
    }

    @Test
    void mergesMayBeStringsWithASpace() throws IOException {
        String strings =
                saved.replaceAll("\\[\\s*\"([^\"]+)\",\\s*\"([^\"]+)\"\\s*\\]", "\"$1 $2\"");
        assertSame(Fixture.path("trained-saved"), write(strings));
    }

    /** As transformers' add_tokens does; the ids are those that tokenizers 0.23 gives. */
    @Test
    void anAddedTokenThatIsNotSpecialStandsForItsText() throws IOException {
        String token =
                "\"added_tokens\": [{\"id\": 600, \"content\": \"kiln-fired\", \"special\": false},";
        Tokenizer loaded = FACTORY.load(write(saved.replace("\"added_tokens\": [", token)));
        int[] ids = loaded.encode("a kiln-fired pot");
        assertEquals(600, ids[loaded.encode("a ").length]);
        assertEquals("a kiln-fired pot", loaded.decode(ids));
    }

    private static void assertSame(Path one, Path other) throws IOException {
        Tokenizer expected = FACTORY.load(one);
        Tokenizer loaded = FACTORY.load(other);
        for (Fixture fixture : Fixture.read("trained-ids.jsonl")) {
            assertArrayEquals(expected.encode(fixture.text()), loaded.encode(fixture.text()));
        }
    }

    private Path write(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), json);
        return folder;
    }

    private String refusal(String json) throws IOException {
        write(json);
        return assertThrows(InvalidInput.class, () -> FACTORY.load(folder)).getMessage();
    }

    /** Checks the message, and that it begins with the file and a place. */
    private void assertRefusedWith(String known, String changed, String message)
            throws IOException {
        int at = saved.indexOf(known);
        String json = saved.substring(0, at) + changed + saved.substring(at + known.length());
        assertEquals(message, afterPlace(refusal(json)));
    }

    private String afterPlace(String refusal) {
        String file = folder.resolve("tokenizer.json").toString();
        assertEquals(file, refusal.substring(0, file.length()));
        return refusal.substring(file.length()).replaceFirst("^:\\d+:\\d+: ", "");
    }
}
