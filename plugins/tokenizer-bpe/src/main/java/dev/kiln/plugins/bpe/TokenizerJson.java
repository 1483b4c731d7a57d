package dev.kiln.plugins.bpe;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Hugging Face's {@code tokenizer.json}, which holds a whole tokenizer: the tokens, the merges, and
 * how text is split.
 */
final class TokenizerJson {
    static final String NAME = "tokenizer.json";

    private final Path file;
    private final Kind kind;

    private TokenizerJson(Path file, Kind kind) {
        this.file = file;
        this.kind = kind;
    }

    /**
     * What such a file holds.
     *
     * @param ids by spelling, of the added tokens too
     * @param added in no order
     */
    record Parts(
            Map<String, Integer> ids,
            Merges merges,
            List<AddedToken> added,
            Frame frame,
            boolean spaceBefore) {}

    /**
     * @throws InvalidInput when the file is broken or of another kind of tokenizer; names the place
     */
    static Parts read(Path file, Kind kind) throws IOException {
        return new TokenizerJson(file, kind).parts(Json.read(file, "settings"));
    }

    private Parts parts(Json json) {
        if (!(json instanceof Json.Members root)) {
            throw json.unexpected(file, "an object");
        }
        TokenizerSettings.check(file, root, kind);
        Json.Members model = (Json.Members) root.values().get("model");
        Map<String, Integer> ids = VocabJson.ids(file, model.values().get("vocab"));
        Merges merges = merges(model.values().get("merges"), ids);
        List<AddedToken> added = added(root.values().get("added_tokens"), ids);
        boolean spaceBefore =
                root.values().get("pre_tokenizer") instanceof Json.Members split
                        && split.values().get("add_prefix_space") instanceof Json.Literal space
                        && space.value().equals("true");
        Json post = root.values().get(PostProcessor.KEY);
        Frame frame = post == null ? Frame.NONE : PostProcessor.read(file, post);
        return new Parts(ids, merges, added, frame, spaceBefore);
    }

    private Merges merges(Json json, Map<String, Integer> ids) {
        MergeList merges = new MergeList(ids, "the vocabulary");
        for (Json merge : list(json, "a list of merges")) {
            String where = file + ":" + merge.place();
            if (merge instanceof Json.Text text) {
                merges.add(text.value(), where);
            } else if (merge instanceof Json.Items pair
                    && pair.values().size() == 2
                    && pair.values().get(0) instanceof Json.Text left
                    && pair.values().get(1) instanceof Json.Text right) {
                merges.add(left.value(), right.value(), where);
            } else {
                throw merge.unexpected(file, "a merge: two tokens");
            }
        }
        return merges.merges();
    }

    private List<Json> list(Json json, String expected) {
        if (json instanceof Json.Items items) {
            return items.values();
        }
        throw json.unexpected(file, expected);
    }

    /** The added tokens; those that the vocabulary lacks are put into it. */
    private List<AddedToken> added(
            @org.jspecify.annotations.Nullable Json json, Map<String, Integer> ids) {
        List<AddedToken> added = new ArrayList<>();
        if (json != null) {
            for (Json token : list(json, "a list of added tokens")) {
                AddedToken read = AddedTokenJson.read(file, token);
                Integer known = ids.putIfAbsent(read.content(), read.id());
                if (known != null && known != read.id()) {
                    throw token.unexpected(
                            file,
                            String.format(
                                    Locale.ROOT,
                                    "the id %d of '%s', got %d",
                                    known,
                                    read.content(),
                                    read.id()));
                }
                added.add(read);
            }
        }
        return added;
    }

    static void write(Path folder, Kind kind, BpeTables tables) throws IOException {
        Path file = folder.resolve(NAME);
        try (JsonGenerator json = Json.FACTORY.createGenerator(file.toFile(), JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeStringField("version", "1.0");
            json.writeNullField("truncation");
            json.writeNullField("padding");
            json.writeArrayFieldStart("added_tokens");
            for (AddedToken token : tables.added()) {
                AddedTokenJson.write(json, token);
            }
            json.writeEndArray();
            writeSplit(json, kind, tables);
            json.writeFieldName("model");
            writeModel(json, kind, tables);
            json.writeEndObject();
        }
    }

    private static void writeSplit(JsonGenerator json, Kind kind, BpeTables tables)
            throws IOException {
        switch (kind) {
            case BYTE_LEVEL -> {
                json.writeNullField("normalizer");
                writeByteLevel(json, "pre_tokenizer", tables.spaceBefore());
                PostProcessor.write(json, tables);
                writeByteLevel(json, "decoder", tables.spaceBefore());
            }
            case END_OF_WORD -> {
                json.writeObjectFieldStart("normalizer");
                json.writeStringField("type", "BertNormalizer");
                json.writeBooleanField("clean_text", true);
                json.writeBooleanField("handle_chinese_chars", true);
                json.writeNullField("strip_accents");
                json.writeBooleanField("lowercase", true);
                json.writeEndObject();
                json.writeObjectFieldStart("pre_tokenizer");
                json.writeStringField("type", "BertPreTokenizer");
                json.writeEndObject();
                PostProcessor.write(json, tables);
                json.writeObjectFieldStart("decoder");
                json.writeStringField("type", "BPEDecoder");
                json.writeStringField("suffix", Kind.END_OF_WORD_MARK);
                json.writeEndObject();
            }
        }
    }

    private static void writeByteLevel(JsonGenerator json, String name, boolean spaceBefore)
            throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("type", "ByteLevel");
        json.writeBooleanField("add_prefix_space", spaceBefore);
        json.writeBooleanField("trim_offsets", true);
        json.writeBooleanField("use_regex", true);
        json.writeEndObject();
    }

    private static void writeModel(JsonGenerator json, Kind kind, BpeTables tables)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "BPE");
        json.writeNullField("dropout");
        boolean words = kind == Kind.END_OF_WORD;
        json.writeStringField("unk_token", words ? Kind.UNKNOWN : null);
        json.writeStringField("continuing_subword_prefix", "");
        json.writeStringField("end_of_word_suffix", words ? Kind.END_OF_WORD_MARK : "");
        json.writeBooleanField("fuse_unk", false);
        json.writeBooleanField("byte_fallback", false);
        json.writeBooleanField("ignore_merges", false);
        json.writeFieldName("vocab");
        VocabJson.write(json, tables);
        json.writeArrayFieldStart("merges");
        for (Merge merge : tables.merges().ranked()) {
            json.writeStartArray();
            json.writeString(tables.spellings().get(merge.left()));
            json.writeString(tables.spellings().get(merge.right()));
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
