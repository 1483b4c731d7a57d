package dev.kiln.plugins.bpe;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A tokenizer's files as Hugging Face lays them out: {@code tokenizer.json}, or {@code vocab.json}
 * and {@code merges.txt}, or all three, which must then agree.
 */
final class HuggingFaceFolder {
    private static final String CONFIG = "tokenizer_config.json";

    /** What transformers writes for a tokenizer that takes texts of any length. */
    private static final String NO_LIMIT = "1000000000000000019884624838656";

    private static final Pattern BYTE_LEVEL = Pattern.compile("\"type\"\\s*:\\s*\"ByteLevel\"");
    private static final Pattern END_OF_WORD =
            Pattern.compile("\"end_of_word_suffix\"\\s*:\\s*\"</w>\"");

    private HuggingFaceFolder() {}

    static void write(Path folder, Kind kind, BpeTables tables) throws IOException {
        VocabJson.write(folder, tables);
        MergesTxt.write(folder, tables);
        TokenizerJson.write(folder, kind, tables);
        Path file = folder.resolve(CONFIG);
        try (JsonGenerator json = Json.FACTORY.createGenerator(file.toFile(), JsonEncoding.UTF8)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            boolean ends = tables.spellings().contains(Kind.END_OF_TEXT);
            if (kind == Kind.BYTE_LEVEL) {
                json.writeBooleanField("add_prefix_space", false);
            }
            if (ends) {
                json.writeStringField("bos_token", Kind.END_OF_TEXT);
                json.writeStringField("eos_token", Kind.END_OF_TEXT);
            }
            json.writeFieldName("model_max_length");
            json.writeNumber(NO_LIMIT);
            json.writeStringField("tokenizer_class", kind.tokenizerClass());
            if (kind == Kind.END_OF_WORD) {
                json.writeStringField("unk_token", Kind.UNKNOWN);
            } else if (ends) {
                json.writeStringField("unk_token", Kind.END_OF_TEXT);
            }
            json.writeEndObject();
        }
    }

    /**
     * Whether a folder holds a tokenizer of this kind, as far as its text tells; broken files may.
     */
    static boolean recognizes(Path folder, Kind kind) {
        try {
            Path settings = folder.resolve(TokenizerJson.NAME);
            if (Files.isRegularFile(settings)) {
                String text = TextFile.read(settings, "settings");
                boolean words = END_OF_WORD.matcher(text).find();
                return switch (kind) {
                    case BYTE_LEVEL -> !words && BYTE_LEVEL.matcher(text).find();
                    case END_OF_WORD -> words;
                };
            }
            Optional<Kind.Names> names = names(folder, kind);
            if (names.isEmpty()) {
                return false;
            }
            String text = TextFile.read(folder.resolve(names.get().vocabulary()), "vocabulary");
            boolean words = text.contains(Kind.END_OF_WORD_MARK + "\"");
            return words == (kind == Kind.END_OF_WORD);
        } catch (IOException | InvalidInput e) {
            return false;
        }
    }

    /**
     * Reads a folder.
     *
     * @param make makes a tokenizer, or throws IllegalArgumentException that says what is missing
     * @throws InvalidInput when a file is missing or broken, or two don't fit; names the file and
     *     the place in it
     */
    static <T> T read(Path folder, Kind kind, Function<BpeTables, T> make) throws IOException {
        Path settings = folder.resolve(TokenizerJson.NAME);
        boolean whole = Files.isRegularFile(settings);
        Kind.Names names = names(folder, kind).orElse(kind.names().getFirst());
        BpeTables tables = whole ? TokenizerJson.read(settings, kind) : tables(folder, names, kind);
        if (whole) {
            requireSame(folder, names, tables);
        }
        try {
            return make.apply(tables);
        } catch (IllegalArgumentException e) {
            Path file = whole ? settings : folder.resolve(names.vocabulary());
            throw new InvalidInput(file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<Kind.Names> names(Path folder, Kind kind) {
        return kind.names().stream()
                .filter(names -> Files.isRegularFile(folder.resolve(names.vocabulary())))
                .findFirst();
    }

    private static BpeTables tables(Path folder, Kind.Names names, Kind kind) throws IOException {
        Path file = folder.resolve(names.vocabulary());
        Map<String, Integer> ids = VocabJson.read(file);
        Path mergesFile = folder.resolve(names.merges());
        Merges merges = MergesTxt.read(mergesFile, ids, names.vocabulary());
        List<String> spellings = VocabJson.ordered(file, ids);
        return new BpeTables(spellings, merges, special(spellings, merges, kind));
    }

    /** Without a {@code tokenizer.json}, what no text can be encoded as is special. */
    private static List<AddedToken> special(List<String> spellings, Merges merges, Kind kind) {
        BitSet made = new BitSet();
        merges.ranked().forEach(merge -> made.set(merge.merged()));
        List<AddedToken> special = new ArrayList<>();
        for (int id = 0; id < spellings.size(); id++) {
            String spelling = spellings.get(id);
            boolean symbol =
                    switch (kind) {
                        case BYTE_LEVEL -> spelling.length() == 1 && ByteAlphabet.spells(spelling);
                        case END_OF_WORD -> WordSymbols.isSymbol(spelling);
                    };
            if (!symbol && !made.get(id)) {
                special.add(new AddedToken(id, spelling, true));
            }
        }
        return special;
    }

    /** Checks that the older files, where they are, are of the same tokenizer. */
    private static void requireSame(Path folder, Kind.Names names, BpeTables tables)
            throws IOException {
        Path vocabulary = folder.resolve(names.vocabulary());
        Path mergesFile = folder.resolve(names.merges());
        if (!Files.isRegularFile(vocabulary) || !Files.isRegularFile(mergesFile)) {
            return;
        }
        if (OlderFiles.isVocabulary(vocabulary, tables.spellings())
                && OlderFiles.isMerges(mergesFile, tables)) {
            return;
        }
        Map<String, Integer> ids = VocabJson.read(vocabulary);
        ids.forEach(
                (spelling, id) -> {
                    boolean same =
                            id < tables.spellings().size()
                                    && tables.spellings().get(id).equals(spelling);
                    if (!same) {
                        throw new InvalidInput(
                                "%s: '%s' has the id %d, which %s doesn't give it"
                                        .formatted(vocabulary, spelling, id, TokenizerJson.NAME));
                    }
                });
        Merges merges = MergesTxt.read(mergesFile, ids, names.vocabulary());
        if (!merges.ranked().equals(tables.merges().ranked())) {
            throw new InvalidInput(
                    "%s: not the merges of %s".formatted(mergesFile, TokenizerJson.NAME));
        }
    }
}
