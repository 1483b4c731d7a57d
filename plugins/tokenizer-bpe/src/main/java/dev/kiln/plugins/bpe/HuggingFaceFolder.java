package dev.kiln.plugins.bpe;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A tokenizer's files as Hugging Face lays them out: {@code tokenizer.json}, or {@code vocab.json}
 * and {@code merges.txt}, and what says more of either.
 */
final class HuggingFaceFolder {
    private static final Pattern BYTE_LEVEL = Pattern.compile("\"type\"\\s*:\\s*\"ByteLevel\"");
    private static final Pattern END_OF_WORD =
            Pattern.compile("\"end_of_word_suffix\"\\s*:\\s*\"</w>\"");

    private HuggingFaceFolder() {}

    static void write(Path folder, Kind kind, BpeTables tables) throws IOException {
        VocabJson.write(folder, tables);
        MergesTxt.write(folder, tables);
        TokenizerJson.write(folder, kind, tables);
        TokenizerConfig.write(folder, kind, tables);
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
     * Reads a folder. Where it has a {@code tokenizer.json}, its vocabulary and merges are taken from
     * there, as in transformers, and not from older files.
     *
     * @param make makes a tokenizer, or throws IllegalArgumentException that says what is missing
     * @throws InvalidInput when a file is missing or broken, or two don't fit; names the file and
     *     the place in it
     */
    static <T> T read(Path folder, Kind kind, Function<BpeTables, T> make) throws IOException {
        Path settings = folder.resolve(TokenizerJson.NAME);
        boolean whole = Files.isRegularFile(settings);
        Kind.Names names = names(folder, kind).orElse(kind.names().getFirst());
        Path file = whole ? settings : folder.resolve(names.vocabulary());
        TokenizerJson.Parts parts =
                whole ? TokenizerJson.read(settings, kind) : older(folder, names);
        TokenizerConfig config = TokenizerConfig.read(folder);
        if (!whole) {
            config.checkClass(kind);
        }
        AddedTokenFiles added = new AddedTokenFiles(kind, config, parts.ids());
        added.read(folder, parts.added());
        Frame frame = whole ? parts.frame() : config.frame(added.names(), parts.ids());
        try {
            return make.apply(
                    new BpeTables(
                            VocabJson.ordered(file, parts.ids()),
                            parts.merges(),
                            added.added(),
                            added.names(),
                            frame,
                            config.isSpaceBefore(kind, parts.spaceBefore())));
        } catch (IllegalArgumentException e) {
            throw new InvalidInput(file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<Kind.Names> names(Path folder, Kind kind) {
        return kind.names().stream()
                .filter(names -> Files.isRegularFile(folder.resolve(names.vocabulary())))
                .findFirst();
    }

    private static TokenizerJson.Parts older(Path folder, Kind.Names names) throws IOException {
        Map<String, Integer> ids = VocabJson.read(folder.resolve(names.vocabulary()));
        Merges merges = MergesTxt.read(folder.resolve(names.merges()), ids, names.vocabulary());
        return new TokenizerJson.Parts(ids, merges, List.of(), Frame.NONE, false);
    }
}
