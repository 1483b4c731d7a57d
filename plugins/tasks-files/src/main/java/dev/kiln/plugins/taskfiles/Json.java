package dev.kiln.plugins.taskfiles;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Reads JSON objects. Used by one thread. */
final class Json {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final JsonParser parser;
    private final Place start;

    private Json(JsonParser parser, Place start) {
        this.parser = parser;
        this.start = start;
    }

    /** The object that is all of a line. */
    static JsonObject of(Line line) {
        try (JsonParser parser = FACTORY.createParser(line.text())) {
            return new Json(parser, line.place()).only();
        } catch (IOException e) {
            throw refusal(line.place(), e);
        }
    }

    /** The object that is all of a file. */
    static JsonObject of(Path file) {
        Place start = new Place(file, 1);
        try (JsonParser parser = FACTORY.createParser(file.toFile())) {
            return new Json(parser, start).only();
        } catch (IOException e) {
            throw refusal(start, e);
        }
    }

    /** Hands on the objects of the list that the object in a file has under this key. */
    static void each(Path file, String key, Consumer<JsonObject> reader) {
        Place start = new Place(file, 1);
        try (JsonParser parser = FACTORY.createParser(file.toFile())) {
            new Json(parser, start).elements(key, reader);
        } catch (IOException e) {
            throw refusal(start, e);
        }
    }

    private JsonObject only() throws IOException {
        parser.nextToken();
        JsonObject object = object();
        if (parser.nextToken() != null) {
            throw place().refuse("expected one JSON object and nothing behind it");
        }
        return object;
    }

    private void elements(String key, Consumer<JsonObject> reader) throws IOException {
        expect(parser.nextToken() == JsonToken.START_OBJECT, "a JSON object");
        boolean found = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean wanted = parser.currentName().equals(key);
            found |= wanted;
            parser.nextToken();
            if (wanted) {
                expect(parser.currentToken() == JsonToken.START_ARRAY, "a list in \"" + key + "\"");
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    reader.accept(object());
                }
            } else {
                parser.skipChildren();
            }
        }
        if (!found) {
            throw start.refuse(
                    String.format(Locale.ROOT, "expected \"%s\" in the JSON object", key));
        }
    }

    private JsonObject object() throws IOException {
        expect(parser.currentToken() == JsonToken.START_OBJECT, "a JSON object");
        Place place = place();
        Map<String, Object> values = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_NULL) {
                values.put(key, value());
            }
        }
        return new JsonObject(place, values);
    }

    private Object value() throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return object();
        }
        return parser.currentToken() == JsonToken.START_ARRAY ? list() : parser.getText();
    }

    private List<Object> list() throws IOException {
        List<Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(value());
        }
        return values;
    }

    private void expect(boolean holds, String expected) {
        if (!holds) {
            throw place().refuse("expected " + expected);
        }
    }

    private Place place() {
        return at(start, parser.currentTokenLocation().getLineNr());
    }

    private static Place at(Place start, int line) {
        return new Place(start.file(), start.line() + Math.max(line, 1) - 1);
    }

    private static InvalidInput refusal(Place start, IOException e) {
        if (e instanceof JsonProcessingException json) {
            int line = json.getLocation() == null ? 1 : json.getLocation().getLineNr();
            String why = json.getOriginalMessage().lines().findFirst().orElse("");
            return new InvalidInput(at(start, line).refuse("not JSON: " + why).getMessage(), e);
        }
        return Place.unreadable(start.file(), e);
    }
}
