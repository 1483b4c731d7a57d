package dev.kiln.plugins.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The field of a JSON object that holds a document's text.
 *
 * @param name of the field; {@code a.b} is field b of the object in field a, unless a field has this
 *     name itself
 */
record TextField(String name, Missing missing) {
    private static final String SKIP = " (missing: skip leaves such lines out)";

    /** A line's length is bounded already. */
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    /** What the field holds: the first token, and the text if it is one. */
    private record Value(JsonToken token, String text) {}

    /**
     * The text in a line, which may be the empty string; empty when there is none and that is no
     * mistake.
     *
     * @throws InvalidInput when the line is not a JSON object with a text in this field
     */
    Optional<String> of(Lines line) {
        try (JsonParser json = JSON.createParser(line.text())) {
            expect(json.nextToken() == JsonToken.START_OBJECT, line, "a JSON object");
            List<String> others = new ArrayList<>();
            Optional<Value> value = find(json, name, "", others);
            expect(json.nextToken() == null, line, "one JSON object and nothing behind it");
            return text(value, others, line);
        } catch (JsonProcessingException e) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s:%d: not JSON: %s",
                            line.where(),
                            e.getLocation() == null ? 1 : e.getLocation().getColumnNr(),
                            e.getOriginalMessage().lines().findFirst().orElse("")),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Of a string that is in memory.
        }
    }

    private Optional<String> text(Optional<Value> value, List<String> others, Lines line) {
        boolean isNull = value.isPresent() && value.get().token() == JsonToken.VALUE_NULL;
        if (missing == Missing.SKIP && (value.isEmpty() || isNull)) {
            return Optional.empty();
        }
        String has = others.isEmpty() ? "none" : String.join(", ", others);
        expect(value.isPresent(), line, "a field \"" + name + "\"; the object has " + has + SKIP);
        expect(
                value.get().token() == JsonToken.VALUE_STRING,
                line,
                "a string in \"" + name + "\"" + (isNull ? ", got null" + SKIP : ""));
        return Optional.of(value.get().text());
    }

    /**
     * Looks for a path in the object that was begun, and reads to the object's end.
     *
     * @param above names of the objects around it, each with a dot
     * @param others gets the names of other fields
     */
    private static Optional<Value> find(
            JsonParser json, String path, String above, List<String> others) throws IOException {
        Optional<Value> literal = Optional.empty();
        Optional<Value> nested = Optional.empty();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken token = json.nextToken();
            if (field.equals(path)) {
                boolean isText = token == JsonToken.VALUE_STRING;
                literal = Optional.of(new Value(token, isText ? json.getText() : ""));
                json.skipChildren();
            } else if (token == JsonToken.START_OBJECT && path.startsWith(field + ".")) {
                String rest = path.substring(field.length() + 1);
                Optional<Value> inside = find(json, rest, above + field + ".", others);
                nested = nested.isPresent() ? nested : inside;
            } else {
                others.add(above + field);
                json.skipChildren();
            }
        }
        return literal.isPresent() ? literal : nested;
    }

    private static void expect(boolean holds, Lines line, String expected) {
        if (!holds) {
            throw new InvalidInput(line.where() + ": expected " + expected);
        }
    }
}
