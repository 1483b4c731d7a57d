package dev.kiln.plugins.bpe;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kiln.plugins.bpe.AddedToken.Flag;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** An added token as Hugging Face's files write it. */
final class AddedTokenJson {
    private AddedTokenJson() {}

    static void write(JsonGenerator json, AddedToken token) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", token.id());
        json.writeStringField("content", token.content());
        for (Flag flag : Flag.values()) {
            json.writeBooleanField(flag.key(), token.is(flag));
        }
        json.writeEndObject();
    }

    /**
     * Reads one that has its id with it, as in {@code tokenizer.json}.
     *
     * @throws InvalidInput when it is broken; names the place
     */
    static AddedToken read(Path file, Json json) {
        if (!(json instanceof Json.Members members) || !members.values().containsKey("id")) {
            throw json.unexpected(file, "an added token with id and content");
        }
        return read(file, json, VocabJson.id(file, members.values().get("id")));
    }

    /**
     * Reads one whose id is known.
     *
     * @throws InvalidInput when it is broken; names the place
     */
    static AddedToken read(Path file, Json json, int id) {
        if (!(json instanceof Json.Members members)) {
            throw json.unexpected(file, "an added token with its content");
        }
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        for (Flag flag : Flag.values()) {
            if (is(members, flag.key())) {
                flags.add(flag);
            }
        }
        // As transformers' AddedToken takes what is left out.
        if (!members.values().containsKey(Flag.NORMALIZED.key()) && !flags.contains(Flag.SPECIAL)) {
            flags.add(Flag.NORMALIZED);
        }
        return new AddedToken(id, content(file, members), flags);
    }

    private static String content(Path file, Json.Members members) {
        if (members.values().get("content") instanceof Json.Text content
                && !content.value().isEmpty()) {
            return content.value();
        }
        throw members.unexpected(file, "an added token with its content");
    }

    private static boolean is(Json.Members members, String flag) {
        Json value = members.values().get(flag);
        return value != null && value.shown().equals("true");
    }
}
