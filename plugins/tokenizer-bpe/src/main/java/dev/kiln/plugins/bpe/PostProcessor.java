package dev.kiln.plugins.bpe;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The {@code post_processor} of a {@code tokenizer.json}: nothing, one that trims offsets, or a
 * template that puts tokens around a text.
 */
final class PostProcessor {
    static final String KEY = "post_processor";
    private static final String TEMPLATE = "TemplateProcessing";
    private static final String SPECIAL = "special_tokens";
    private static final String TOKEN = "SpecialToken";
    private static final String TEXT = "Sequence";
    private static final String PARTS = "the members of a " + TEMPLATE;
    private static final String PIECE = "a " + TOKEN + ", or one " + TEXT;
    private static final String IDS = "one of " + SPECIAL + " with its ids";

    private final Path file;
    private final List<Integer> before = new ArrayList<>();
    private final List<Integer> after = new ArrayList<>();

    private PostProcessor(Path file) {
        this.file = file;
    }

    /**
     * What it puts around a text.
     *
     * @throws dev.kiln.spi.InvalidInput when it does something else; names the place
     */
    static Frame read(Path file, Json value) {
        PostProcessor processor = new PostProcessor(file);
        processor.read(value);
        return new Frame(processor.before, processor.after);
    }

    private void read(Json value) {
        if (value.shown().equals("null")) {
            return;
        }
        Map<String, Json> members = members(value, value, "a " + KEY);
        switch (members.get("type") instanceof Json.Text type ? type.value() : "") {
            case "ByteLevel" -> {}
            case TEMPLATE -> template(value, members);
            case "Sequence" ->
                    items(members.get("processors"), value, "a list of processors")
                            .forEach(this::read);
            default ->
                    throw TokenizerSettings.wrong(
                            file, KEY, value, "null, ByteLevel or " + TEMPLATE);
        }
    }

    private void template(Json whole, Map<String, Json> members) {
        Map<String, Json> tokens = members(members.get(SPECIAL), whole, PARTS);
        List<Integer> at = new ArrayList<>();
        boolean text = false;
        for (Json piece : items(members.get("single"), whole, PARTS)) {
            Map<String, Json> kinds = members(piece, piece, PIECE);
            if (kinds.containsKey(TEXT) && !text) {
                text = true;
                before.addAll(0, at);
                at.clear();
            } else if (kinds.get(TOKEN) instanceof Json.Members token
                    && token.values().get("id") instanceof Json.Text name) {
                Map<String, Json> special = members(tokens.get(name.value()), piece, IDS);
                items(special.get("ids"), piece, IDS).forEach(id -> at.add(VocabJson.id(file, id)));
            } else {
                throw piece.unexpected(file, PIECE);
            }
        }
        if (!text) {
            throw whole.unexpected(file, "a template with a " + TEXT);
        }
        after.addAll(at);
    }

    private Map<String, Json> members(@Nullable Json value, Json place, String what) {
        if (value instanceof Json.Members members) {
            return members.values();
        }
        throw place.unexpected(file, what);
    }

    private List<Json> items(@Nullable Json value, Json place, String what) {
        if (value instanceof Json.Items items) {
            return items.values();
        }
        throw place.unexpected(file, what);
    }

    static void write(JsonGenerator json, BpeTables tables) throws IOException {
        Frame frame = tables.frame();
        if (frame.equals(Frame.NONE)) {
            json.writeNullField(KEY);
            return;
        }
        json.writeObjectFieldStart(KEY);
        json.writeStringField("type", TEMPLATE);
        json.writeArrayFieldStart("single");
        writeText(json, "A", 0, tables);
        json.writeEndArray();
        json.writeArrayFieldStart("pair");
        writeText(json, "A", 0, tables);
        writeText(json, "B", 1, tables);
        json.writeEndArray();
        json.writeObjectFieldStart(SPECIAL);
        for (int id : new TreeSet<>(frame.ids().toList())) {
            String spelling = tables.spellings().get(id);
            json.writeObjectFieldStart(spelling);
            json.writeStringField("id", spelling);
            json.writeArrayFieldStart("ids");
            json.writeNumber(id);
            json.writeEndArray();
            json.writeArrayFieldStart("tokens");
            json.writeString(spelling);
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeText(JsonGenerator json, String name, int type, BpeTables tables)
            throws IOException {
        for (int id : tables.frame().before()) {
            writePiece(json, TOKEN, tables.spellings().get(id), type);
        }
        writePiece(json, TEXT, name, type);
        for (int id : tables.frame().after()) {
            writePiece(json, TOKEN, tables.spellings().get(id), type);
        }
    }

    private static void writePiece(JsonGenerator json, String kind, String id, int type)
            throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart(kind);
        json.writeStringField("id", id);
        json.writeNumberField("type_id", type);
        json.writeEndObject();
        json.writeEndObject();
    }
}
