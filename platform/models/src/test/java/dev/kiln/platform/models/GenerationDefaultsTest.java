package dev.kiln.platform.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.platform.storage.HuggingFaceFolder;
import dev.kiln.spi.InvalidInput;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationDefaultsTest {
    @TempDir private Path folder;

    private GenerationDefaults of(String config) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        return GenerationDefaults.of(folder, HuggingFaceFolder.config(folder));
    }

    private void generation(String json) throws IOException {
        Files.writeString(folder.resolve("generation_config.json"), json);
    }

    private static SpecialIds ids(OptionalInt beginning, OptionalInt padding, Integer... ends) {
        return new SpecialIds(beginning, List.of(ends), padding);
    }

    @Test
    void withoutAFileOfItsOwnAConfigSaysHowToGenerate() throws IOException {
        GenerationDefaults read =
                of(
                        """
                        {"bos_token_id": 7, "eos_token_id": 301, "pad_token_id": 0, "n_layer": 2,
                         "repetition_penalty": 1.3}
                        """);
        assertEquals(ids(OptionalInt.of(7), OptionalInt.of(0), 301), read.ids());
        assertEquals(Map.of("repetition_penalty", 1.3), read.settings());
    }

    @Test
    void theFileOfGenerationWins() throws IOException {
        generation("{\"eos_token_id\": [51, 301, 51], \"pad_token_id\": null, \"top_k\": 5}");
        GenerationDefaults read =
                of(
                        """
                        {"bos_token_id": 7, "eos_token_id": 8, "pad_token_id": 0, "top_p": 0.5}
                        """);
        assertEquals(ids(OptionalInt.of(7), OptionalInt.of(0), 51, 301), read.ids());
        assertEquals(Map.of("top_k", 5), read.settings());
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        GenerationDefaults defaults =
                new GenerationDefaults(
                        ids(OptionalInt.of(1), OptionalInt.empty(), 2, 3),
                        Map.of("do_sample", true));
        defaults.write(folder);
        assertEquals(defaults, GenerationDefaults.read(folder));
    }

    @Test
    void nothingIsWrittenWhereNothingIsSaid() throws IOException {
        GenerationDefaults.NONE.write(folder);
        assertFalse(Files.exists(folder.resolve("generation_config.json")));
        assertEquals(GenerationDefaults.NONE, GenerationDefaults.read(folder));
    }

    @Test
    void anIdThatIsNoneNamesFileAndKey() throws IOException {
        generation("{\"eos_token_id\": [1, \"</s>\"]}");
        assertEquals(
                folder.resolve("generation_config.json")
                        + ": eos_token_id: expected a token's id, found '</s>'",
                assertThrows(InvalidInput.class, () -> GenerationDefaults.read(folder))
                        .getMessage());
    }

    @Test
    void idsOutsideOfTheVocabularyCountAsNotSaid() {
        SpecialIds tokenizers = SpecialIds.of(new ByteTokenizer());
        SpecialIds said = ids(OptionalInt.of(50_256), OptionalInt.of(-1), 50_256);
        assertEquals(tokenizers, said.within(257).or(tokenizers));
        assertEquals(OptionalInt.of(256), said.within(257).or(tokenizers).first());
    }
}
