package dev.kiln.plugins.bpe;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Hugging Face's {@code vocab.json}: one object, from each token's spelling to its id. */
final class VocabJson {
    static final String NAME = "vocab.json";
    private static final int MOST_TOKENS = 10_000_000;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build();

    private VocabJson() {}

    static void write(Path folder, Vocabulary vocabulary) throws IOException {
        Path file = folder.resolve(NAME);
        try (JsonGenerator json = JSON.createGenerator(file.toFile(), JsonEncoding.UTF8)) {
            json.writeStartObject();
            int id = 0;
            for (String spelling : vocabulary.spellings()) {
                json.writeNumberField(spelling, id++);
            }
            json.writeEndObject();
        }
    }

    /** Ids by spelling, from the file in a folder. */
    static Map<String, Integer> read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            throw new InvalidInput(file + ": no such file; expected a tokenizer's vocabulary");
        }
        try (JsonParser json = JSON.createParser(Files.newBufferedReader(file))) {
            return read(file, json);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new InvalidInput(
                    "%s:%d:%d: %s"
                            .formatted(
                                    file,
                                    at == null ? 1 : at.getLineNr(),
                                    at == null ? 1 : at.getColumnNr(),
                                    e.getOriginalMessage().lines().findFirst().orElse("broken")),
                    e);
        } catch (CharacterCodingException e) {
            throw new InvalidInput(file + ": not UTF-8", e);
        }
    }

    private static Map<String, Integer> read(Path file, JsonParser json) throws IOException {
        Map<String, Integer> ids = new HashMap<>();
        expect(json.nextToken() == JsonToken.START_OBJECT, file, json, "an object of ids");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String spelling = json.currentName();
            expect(json.nextToken() == JsonToken.VALUE_NUMBER_INT, file, json, "an id");
            long id = json.getLongValue();
            expect(id >= 0 && id < MOST_TOKENS, file, json, "an id in [0, " + MOST_TOKENS + ")");
            ids.put(spelling, (int) id);
        }
        expect(json.nextToken() == null, file, json, "nothing after the object");
        return ids;
    }

    private static void expect(boolean holds, Path file, JsonParser json, String expected) {
        if (!holds) {
            var at = json.currentTokenLocation();
            throw new InvalidInput(
                    "%s:%d:%d: expected %s"
                            .formatted(file, at.getLineNr(), at.getColumnNr(), expected));
        }
    }

    /**
     * The spellings in the order of their ids.
     *
     * @throws InvalidInput when the ids are not 0 to n - 1, each once
     */
    static List<String> ordered(Path folder, Map<String, Integer> ids) {
        String[] spellings = new String[ids.size()];
        ids.forEach(
                (spelling, id) -> {
                    if (id >= spellings.length || spellings[id] != null) {
                        throw new InvalidInput(
                                "%s: expected the ids 0 to %d, each once; '%s' has %d"
                                        .formatted(
                                                folder.resolve(NAME),
                                                spellings.length - 1,
                                                spelling,
                                                id));
                    }
                    spellings[id] = spelling;
                });
        return Arrays.asList(spellings);
    }
}
