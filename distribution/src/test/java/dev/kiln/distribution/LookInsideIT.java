package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kiln.distribution.Unpacked.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that look inside, from the shell, at a run that was just made. */
class LookInsideIT {
    private static final String RECIPE =
            """
            run: pretrain
            out: trained
            data: {text: {path: corpus.txt, heldOut: 0.2}}
            tokenizer: char
            model: {gpt2: {layers: 2, heads: 2, width: 16, context: 16}}
            training: {batch: 4, steps: 2}
            samples: {maxTokens: 0}
            """;

    private static final String TEXT = "größer or not";

    @TempDir private static Path place;
    private static Unpacked kiln;

    @BeforeAll
    static void train() throws Exception {
        kiln = Unpacked.in(Files.createDirectories(place.resolve("kiln")));
        Files.writeString(place.resolve("corpus.txt"), "größer or not größer, ".repeat(200));
        Files.writeString(place.resolve("tiny.yaml"), RECIPE);
        answer(kiln.kiln(place, "run", "tiny.yaml"));
    }

    private static String answer(Result result) {
        assertEquals(0, result.exitCode(), result.errors());
        return result.output();
    }

    /** Standard output of a verb that does not compute; its standard error must be empty. */
    private static String data(String input, String... arguments) throws Exception {
        Path file = Files.writeString(place.resolve("input"), input);
        Result result = kiln.reading(file, place, arguments);
        assertEquals("", result.errors());
        return answer(result);
    }

    private static JsonNode inspect(String path) throws Exception {
        return new ObjectMapper().readTree(data("", "inspect", path, "--json"));
    }

    @Test
    void tokenizedTextComesBack() throws Exception {
        String ids = data(TEXT, "tokenize", "trained");
        assertTrue(ids.matches("\\{\"ids\":\\[\\d+(,\\d+){12}]}\n"), ids);
        assertEquals(TEXT, data(ids, "detokenize", "trained", "--raw"));
        assertEquals("{\"text\":\"" + TEXT + "\"}\n", data(ids, "detokenize", "trained"));
    }

    /** 15496, 11, 995 is what GPT-2's own encoder gives. */
    @Test
    void aTokenizerIsFoundByItsName() throws Exception {
        assertEquals("{\"ids\":[15496,11,995]}\n", data("Hello, world", "tokenize", "gpt2"));
    }

    /** Embeddings (V + T)·C, two blocks of 12·C² + 13·C, a final norm of 2·C. */
    @Test
    void theRunsSizesAndWeightsAreTold() throws Exception {
        JsonNode run = inspect("trained");
        long vocabulary = run.at("/config/vocabulary").asLong();
        assertEquals("gpt2", run.at("/config/model").asText());
        assertEquals("char", run.at("/config/tokenizer").asText());
        assertEquals(2, run.at("/checkpoints/0/step").asLong());
        assertEquals(
                (vocabulary + 16) * 16 + 2 * (12 * 256 + 13 * 16) + 2 * 16,
                run.at("/elements").asLong());
    }

    @Test
    void logitsOfTextAndOfItsIdsAreOneFile() throws Exception {
        String ids = data("or not", "tokenize", "trained").replaceAll("[^0-9,]", "");
        String line =
                answer(
                        kiln.kiln(
                                place,
                                "logits",
                                "trained",
                                "--text",
                                "or not",
                                "--hidden",
                                "--out",
                                "text.safetensors"));
        assertTrue(line.startsWith("text.safetensors: logits [6, "), line);
        answer(
                kiln.kiln(
                        place,
                        "logits",
                        "trained",
                        "--ids",
                        ids,
                        "--hidden",
                        "--out",
                        "ids.safetensors"));
        assertArrayEquals(bytes("text.safetensors"), bytes("ids.safetensors"));
        JsonNode tensors = inspect("text.safetensors").get("tensors");
        assertEquals("I64", tensors.at("/ids/dtype").asText());
        assertEquals("[6,16]", tensors.at("/hidden_states.2/shape").toString());
    }

    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(place.resolve(name));
    }

    @Test
    void aUsersMistakeIsOneLine() throws Exception {
        Result result =
                kiln.kiln(place, "logits", "trained", "--text", "o".repeat(17), "--out", "no");
        assertEquals(2, result.exitCode());
        assertTrue(
                result.errors()
                        .endsWith("kiln: the input has 17 tokens, the model's context holds 16\n"),
                result.errors());
        assertFalse(Files.exists(place.resolve("no")));
        assertEquals(2, kiln.kiln(place, "inspect", "tiny.yaml").exitCode());
    }
}
