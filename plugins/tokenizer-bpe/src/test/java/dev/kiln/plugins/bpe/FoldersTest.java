package dev.kiln.plugins.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders of older and other layouts; ids of transformers 5.18.0, see make_folders.py. */
class FoldersTest {
    private static final BpeTokenizerFactory FACTORY = new BpeTokenizerFactory();

    @TempDir private Path root;

    /** A line of folders.jsonl. */
    record Folder(Json.Members line) {
        static Stream<Folder> all() throws IOException {
            List<Folder> folders = new ArrayList<>();
            Path one = Files.createTempFile("folder", ".json");
            for (String line : Files.readAllLines(Fixture.path("folders.jsonl"))) {
                Files.writeString(one, line);
                folders.add(new Folder((Json.Members) Json.read(one, "line")));
            }
            Files.delete(one);
            return folders.stream();
        }

        String text(String key) {
            return ((Json.Text) line.values().get(key)).value();
        }

        int number(String key) {
            return number(line.values().get(key));
        }

        private static int number(Json value) {
            return (int) ((Json.Whole) value).value();
        }

        List<String> texts(String key) {
            return list(key).stream().map(text -> ((Json.Text) text).value()).toList();
        }

        int[] ids(String key, int index) {
            return ((Json.Items) list(key).get(index))
                    .values().stream().mapToInt(Folder::number).toArray();
        }

        TokenizerFactory<?> factory() {
            return text("kind").equals("gpt1") ? new Gpt1TokenizerFactory() : FACTORY;
        }

        private List<Json> list(String key) {
            return ((Json.Items) line.values().get(key)).values();
        }

        void write(Path target) throws IOException {
            copy(Fixture.path(text("base")), target);
            for (var file : ((Json.Members) line.values().get("files")).values().entrySet()) {
                String text = ((Json.Text) file.getValue()).value();
                Files.writeString(target.resolve(file.getKey()), text);
            }
        }

        @Override
        public String toString() {
            return text("name");
        }
    }

    private static void copy(Path source, Path target) throws IOException {
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }

    static Stream<Folder> folders() throws IOException {
        return Folder.all();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void aFolderIsReadAsTransformersReadsIt(Folder folder) throws IOException {
        folder.write(root);
        assertReads(folder, folder.factory().load(root));
    }

    @ParameterizedTest
    @MethodSource("folders")
    void whatKilnWritesOfItIsTheSameTokenizer(Folder folder) throws IOException {
        Path read = Files.createDirectory(root.resolve("read"));
        Path written = Files.createDirectory(root.resolve("written"));
        folder.write(read);
        folder.factory().load(read).save(written);
        assertReads(folder, folder.factory().load(written));
    }

    private static void assertReads(Folder folder, Tokenizer tokenizer) {
        assertEquals(folder.number("size"), tokenizer.vocabularySize());
        assertEquals(folder.number("bos"), tokenizer.beginningOfText().orElse(-1));
        assertEquals(folder.number("eos"), tokenizer.endOfText().orElse(-1));
        Tokenizer special = tokenizer.withSpecialTokens();
        List<String> texts = folder.texts("texts");
        List<String> decoded = folder.texts("decoded");
        IntStream.range(0, texts.size())
                .forEach(
                        i -> {
                            String text = texts.get(i);
                            assertArrayEquals(folder.ids("ids", i), special.encode(text), text);
                            assertArrayEquals(
                                    folder.ids("ordinary", i), tokenizer.encode(text), text);
                            assertArrayEquals(
                                    folder.ids("prompts", i),
                                    special.asPrompt(special.encode(text)),
                                    text);
                            assertEquals(decoded.get(i), special.decode(folder.ids("ids", i)));
                        });
    }

    @Test
    void anIdThatIsNotTheNextOneIsRefused() throws IOException {
        copy(Fixture.path("trained"), root);
        assertRefused(
                "added_tokens.json",
                "{\"[USER]\": 700}",
                ":1:12: expected the id 600 of '[USER]', got 700");
        assertRefused(
                "added_tokens.json", "{\"\": 600}", ":1:6: expected the id 600 of '', got 600");
    }

    @Test
    void whatIsOfAnotherTokenizerOrSaysSomethingElseIsRefused() throws IOException {
        copy(Fixture.path("trained"), root);
        assertRefused(
                "tokenizer_config.json",
                "{\"add_bos_token\": 1}",
                ":1:19: expected add_bos_token true or false");
        assertRefused(
                "tokenizer_config.json",
                "{\"tokenizer_class\": \"CLIPTokenizer\"}",
                ":1:21: expected tokenizer_class GPT2Tokenizer");
        assertRefused(
                "tokenizer_config.json",
                "{\"add_prefix_space\": 1}",
                ":1:22: expected add_prefix_space true or false");
        assertRefused("tokenizer_config.json", "{\"eos_token\": 1}", ":1:15: expected a token");
        assertRefused(
                "tokenizer_config.json",
                "{\"added_tokens_decoder\": {\"x\": {\"content\": \"a\"}}}",
                ":1:32: expected an id from 0 to 9999999 before an added token");
    }

    private void assertRefused(String file, String text, String message) throws IOException {
        Path path = Files.writeString(root.resolve(file), text);
        InvalidInput refusal = assertThrows(InvalidInput.class, () -> FACTORY.load(root));
        Files.delete(path);
        assertEquals(path + message, refusal.getMessage());
    }

    @Test
    void aByteOrderMarkAndCarriageReturnsAreNoPartOfAFile() throws IOException {
        Path folder = Fixture.path("trained");
        for (String name : List.of("vocab.json", "merges.txt")) {
            String text = Files.readString(folder.resolve(name));
            Files.writeString(root.resolve(name), "\ufeff" + text.replace("\n", "\r\n"));
        }
        Tokenizer marked = FACTORY.load(root);
        for (Fixture fixture : Fixture.read("trained-ids.jsonl")) {
            assertArrayEquals(fixture.ids(), marked.encode(fixture.text()), fixture.text());
        }
    }
}
