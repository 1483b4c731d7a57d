package dev.kiln.plugins.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The field of a JSON object that holds a document's text.
 *
 * @param name of the field, at the top of the object
 */
record TextField(String name) {
    /** A line's length is bounded already. */
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    /**
     * The text in a line; empty when it is the empty string.
     *
     * @throws InvalidInput when the line is not a JSON object with a text in this field
     */
    Optional<String> of(Lines line) throws IOException {
        try (JsonParser json = JSON.createParser(line.text())) {
            expect(json.nextToken() == JsonToken.START_OBJECT, line, "a JSON object");
            String text = read(json, line);
            expect(json.nextToken() == null, line, "one JSON object and nothing behind it");
            return Optional.of(text).filter(some -> !some.isEmpty());
        } catch (JsonProcessingException e) {
            throw new InvalidInput(
                    "%s:%d: not JSON: %s"
                            .formatted(
                                    line.where(),
                                    e.getLocation() == null ? 1 : e.getLocation().getColumnNr(),
                                    e.getOriginalMessage().lines().findFirst().orElse("")),
                    e);
        }
    }

    private String read(JsonParser json, Lines line) throws IOException {
        List<String> others = new ArrayList<>();
        Optional<String> text = Optional.empty();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            if (field.equals(name)) {
                expect(value == JsonToken.VALUE_STRING, line, "a string in \"" + name + "\"");
                text = Optional.of(json.getText());
            } else {
                others.add(field);
                json.skipChildren();
            }
        }
        expect(
                text.isPresent(),
                line,
                "a field \"%s\"; the object has %s"
                        .formatted(name, others.isEmpty() ? "none" : String.join(", ", others)));
        return text.orElseThrow();
    }

    private static void expect(boolean holds, Lines line, String expected) {
        if (!holds) {
            throw new InvalidInput(line.where() + ": expected " + expected);
        }
    }
}
