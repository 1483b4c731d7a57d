package dev.kiln.plugins.bpe;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Hugging Face's {@code vocab.json}: one object, from each token's spelling to its id. */
final class VocabJson {
    static final String NAME = "vocab.json";
    private static final int MOST_TOKENS = 10_000_000;

    private VocabJson() {}

    static void write(Path folder, BpeTables tables) throws IOException {
        Path file = folder.resolve(NAME);
        try (JsonGenerator json = Json.FACTORY.createGenerator(file.toFile(), JsonEncoding.UTF8)) {
            write(json, tables);
        }
    }

    static void write(JsonGenerator json, BpeTables tables) throws IOException {
        json.writeStartObject();
        int id = 0;
        for (String spelling : tables.spellings()) {
            json.writeNumberField(spelling, id++);
        }
        json.writeEndObject();
    }

    /**
     * Ids by spelling, from a file.
     *
     * @throws InvalidInput when the file is missing or broken; names the place
     */
    static Map<String, Integer> read(Path file) throws IOException {
        return ids(file, Json.read(file, "vocabulary"));
    }

    /** Ids by spelling, from an object in a file. */
    static Map<String, Integer> ids(Path file, Json vocabulary) {
        if (!(vocabulary instanceof Json.Members members)) {
            throw vocabulary.unexpected(file, "an object of ids");
        }
        Map<String, Integer> ids = new LinkedHashMap<>();
        members.values().forEach((spelling, id) -> ids.put(spelling, id(file, id)));
        return ids;
    }

    /** An id in a file. */
    static int id(Path file, Json id) {
        if (!(id instanceof Json.Whole whole)) {
            throw id.unexpected(file, "an id");
        }
        if (whole.value() < 0 || whole.value() >= MOST_TOKENS) {
            throw id.unexpected(file, "an id in [0, " + MOST_TOKENS + ")");
        }
        return (int) whole.value();
    }

    /**
     * The spellings in the order of their ids.
     *
     * @throws InvalidInput when the ids are not 0 to n - 1, each once
     */
    static List<String> ordered(Path file, Map<String, Integer> ids) {
        String[] spellings = new String[ids.size()];
        ids.forEach(
                (spelling, id) -> {
                    if (id >= spellings.length || spellings[id] != null) {
                        throw new InvalidInput(
                                String.format(
                                        Locale.ROOT,
                                        "%s: expected the ids 0 to %d, each once; '%s' has %d",
                                        file,
                                        spellings.length - 1,
                                        spelling,
                                        id));
                    }
                    spellings[id] = spelling;
                });
        return Arrays.asList(spellings);
    }
}
