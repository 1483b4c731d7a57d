package dev.kiln.plugins.bpe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** JSON as a tree, in which each value knows its place in the file. Immutable. */
sealed interface Json {
    JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(32)
                                    .maxNumberLength(100)
                                    .maxTokenCount(20_000_000)
                                    .build())
                    .build();

    /** Where a value begins, both from 1. */
    record Place(int line, int column) {
        @Override
        public String toString() {
            return line + ":" + column;
        }
    }

    Place place();

    record Members(Place place, Map<String, Json> values) implements Json {}

    record Items(Place place, List<Json> values) implements Json {}

    record Text(Place place, String value) implements Json {}

    /** A whole number that a long holds; any other number is a {@link Literal}. */
    record Whole(Place place, long value) implements Json {}

    /** What stands for itself: true, false, null, another number. */
    record Literal(Place place, String value) implements Json {}

    /**
     * Reads a file.
     *
     * @param holds what a missing file would hold, for the message
     * @throws InvalidInput when the file is missing or broken; names the place
     */
    static Json read(Path file, String holds) throws IOException {
        String text = TextFile.read(file, holds);
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new InvalidInput(file + ":1:1: expected JSON, found nothing");
            }
            Json value = value(file, parser);
            if (parser.nextToken() != null) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s:%s: expected nothing after the object",
                                file,
                                place(parser.currentTokenLocation())));
            }
            return value;
        } catch (JsonProcessingException e) {
            String problem = e.getOriginalMessage().lines().findFirst().orElse("broken JSON");
            throw new InvalidInput(
                    String.format(Locale.ROOT, "%s:%s: %s", file, place(e.getLocation()), problem),
                    e);
        }
    }

    private static Json value(Path file, JsonParser parser) throws IOException {
        Place place = place(parser.currentTokenLocation());
        return switch (parser.currentToken()) {
            case START_OBJECT -> members(file, parser, place);
            case START_ARRAY -> items(file, parser, place);
            case VALUE_STRING -> new Text(place, paired(file, place, parser.getText()));
            case VALUE_NUMBER_INT -> whole(parser, place);
            case VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE, VALUE_NULL ->
                    new Literal(place, parser.getText());
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                    throw new AssertionError("no value begins with " + parser.currentToken());
        };
    }

    private static Json whole(JsonParser parser, Place place) throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? new Literal(place, parser.getText())
                : new Whole(place, parser.getLongValue());
    }

    private static Members members(Path file, JsonParser parser, Place place) throws IOException {
        Map<String, Json> values = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = paired(file, place(parser.currentTokenLocation()), parser.currentName());
            parser.nextToken();
            values.put(name, value(file, parser));
        }
        return new Members(place, values);
    }

    private static Items items(Path file, JsonParser parser, Place place) throws IOException {
        List<Json> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(value(file, parser));
        }
        return new Items(place, values);
    }

    private static String paired(Path file, Place place, String text) {
        if (Utf8.unpairedSurrogate(text, 0) >= 0) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s:%s: half of a surrogate pair; expected text",
                            file,
                            place));
        }
        return text;
    }

    private static Place place(JsonLocation at) {
        return at == null ? new Place(1, 1) : new Place(at.getLineNr(), at.getColumnNr());
    }

    /** The value as JSON spells it; of an object or a list only that it is one. */
    default String shown() {
        return switch (this) {
            case Members members -> "an object";
            case Items items -> "a list";
            case Text text -> '"' + text.value + '"';
            case Whole whole -> Long.toString(whole.value);
            case Literal literal -> literal.value;
        };
    }

    /** The mistake of a value that is not what was expected, for the user. */
    default InvalidInput unexpected(Path file, String expected) {
        return new InvalidInput(
                String.format(Locale.ROOT, "%s:%s: expected %s", file, place(), expected));
    }
}
