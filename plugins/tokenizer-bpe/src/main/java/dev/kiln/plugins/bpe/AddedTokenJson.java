package dev.kiln.plugins.bpe;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** An added token as {@code tokenizer.json} writes it. */
final class AddedTokenJson {
    /** How a token may take the text around it with it: ways that Kiln lacks. */
    private static final List<String> FLAGS = List.of("single_word", "lstrip", "rstrip");

    private AddedTokenJson() {}

    static void write(JsonGenerator json, AddedToken token) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", token.id());
        json.writeStringField("content", token.content());
        for (String flag : FLAGS) {
            json.writeBooleanField(flag, false);
        }
        json.writeBooleanField("normalized", false);
        json.writeBooleanField("special", token.special());
        json.writeEndObject();
    }

    /**
     * @throws InvalidInput when it is broken, or stands for text in a way that Kiln lacks
     */
    static AddedToken read(Path file, Json json, Kind kind) {
        if (!(json instanceof Json.Members members)
                || !(members.values().get("content") instanceof Json.Text content)
                || content.value().isEmpty()
                || !members.values().containsKey("id")) {
            throw json.unexpected(file, "an added token with id and content");
        }
        int id = VocabJson.id(file, members.values().get("id"));
        boolean special = is(members, "special");
        if (!special) {
            requirePlain(file, members, kind);
        }
        return new AddedToken(id, content.value(), special);
    }

    /** Text that looks special is plain text in Kiln, so only other tokens' flags matter. */
    private static void requirePlain(Path file, Json.Members members, Kind kind) {
        for (String flag : FLAGS) {
            if (is(members, flag)) {
                throw members.unexpected(file, "an added token whose " + flag + " is false");
            }
        }
        if (kind == Kind.END_OF_WORD) {
            throw members.unexpected(file, "an added token whose special is true");
        }
    }

    private static boolean is(Json.Members members, String flag) {
        Json value = members.values().get(flag);
        return value != null && value.shown().equals("true");
    }
}
