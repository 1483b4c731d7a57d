package dev.kiln.plugins.bpe;

import dev.kiln.plugins.bpe.AddedToken.Flag;
import dev.kiln.plugins.bpe.TokenizerConfig.Said;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Collects the added tokens of a folder as transformers 5 does: those of {@code tokenizer.json}, those
 * of {@value TokenizerConfig#DECODER} or else of {@code added_tokens.json}, and those that have a name.
 * Used by one thread.
 */
final class AddedTokenFiles {
    static final String NAME = "added_tokens.json";

    private final Kind kind;
    private final TokenizerConfig config;
    private final Map<String, Integer> ids;
    private final Map<String, AddedToken> added = new LinkedHashMap<>();
    private final Map<String, String> names = new HashMap<>();

    /**
     * @param ids the vocabulary, by spelling; added tokens that it lacks are put into it
     */
    AddedTokenFiles(Kind kind, TokenizerConfig config, Map<String, Integer> ids) {
        this.kind = kind;
        this.config = config;
        this.ids = ids;
    }

    /**
     * Reads what a folder has beside a vocabulary.
     *
     * @param whole the tokens of {@code tokenizer.json}, which are in the vocabulary
     * @throws InvalidInput when a file is broken, or gives a token an id that is not the next one;
     *     names the place
     */
    void read(Path folder, List<AddedToken> whole) throws IOException {
        whole.forEach(token -> added.put(token.content(), token));
        if (config.decoder().isPresent()) {
            decoder(config.decoder().get());
        } else {
            addedTokens(TokenizerConfig.members(folder.resolve(NAME)));
        }
        Map<String, Said> named = config.named();
        named.forEach(this::name);
        if (config.isOfClass(kind)) {
            kind.specialTokens().forEach((name, content) -> byDefault(named, name, content));
        }
        for (Said extra : config.allExtra()) {
            if (!content(extra).isEmpty() && !added.containsKey(content(extra))) {
                special(token(extra));
            }
        }
    }

    private void decoder(Said list) {
        if (!(list.value() instanceof Json.Members members)) {
            throw list.unexpected("an object of added tokens by their ids");
        }
        Map<Integer, Json> byId = new TreeMap<>();
        members.values().forEach((id, token) -> byId.put(id(list, id, token), token));
        byId.forEach(
                (id, token) ->
                        add(AddedTokenJson.read(list.file(), token, id), list.file(), token));
    }

    private static int id(Said list, String id, Json token) {
        if (id.matches("\\d{1,7}")) {
            return Integer.parseInt(id);
        }
        throw token.unexpected(list.file(), "an id from 0 to 9999999 before an added token");
    }

    private void addedTokens(Map<String, Said> tokens) {
        Set<String> special = new HashSet<>();
        config.named().values().forEach(said -> special.add(content(said)));
        config.extra().forEach(said -> special.add(content(said)));
        Comparator<Map.Entry<String, Said>> byId =
                Comparator.comparingInt(
                        token -> VocabJson.id(token.getValue().file(), token.getValue().value()));
        tokens.entrySet().stream()
                .sorted(byId)
                .forEach(
                        token -> {
                            Said id = token.getValue();
                            Flag flag =
                                    special.contains(token.getKey())
                                            ? Flag.SPECIAL
                                            : Flag.NORMALIZED;
                            add(
                                    new AddedToken(
                                            VocabJson.id(id.file(), id.value()),
                                            token.getKey(),
                                            EnumSet.of(flag)),
                                    id.file(),
                                    id.value());
                        });
    }

    private void add(AddedToken token, Path file, Json place) {
        int next = ids.size();
        int expected = ids.getOrDefault(token.content(), next);
        if (token.content().isEmpty() || token.id() != expected) {
            throw place.unexpected(
                    file,
                    String.format(
                            Locale.ROOT,
                            "the id %d of '%s', got %d",
                            expected,
                            token.content(),
                            token.id()));
        }
        ids.put(token.content(), token.id());
        added.put(token.content(), token);
    }

    private void name(String name, Said said) {
        String content = content(said);
        if (!content.isEmpty()) {
            special(token(said));
            names.put(name, content);
        }
    }

    /** Gives a name that the files don't speak of the token that it has in transformers' class. */
    private void byDefault(Map<String, Said> named, String name, String content) {
        if (!named.containsKey(name) && ids.containsKey(content)) {
            special(new AddedToken(ids.get(content), content, Set.of()));
            names.put(name, content);
        }
    }

    /** Makes a token special, and adds it where it isn't one of the added. */
    private void special(AddedToken token) {
        AddedToken known = added.getOrDefault(token.content(), token);
        ids.putIfAbsent(known.content(), known.id());
        added.put(known.content(), known.asSpecial());
    }

    private AddedToken token(Said said) {
        String content = content(said);
        int id = ids.getOrDefault(content, ids.size());
        return said.value() instanceof Json.Members
                ? AddedTokenJson.read(said.file(), said.value(), id)
                : AddedToken.special(id, content);
    }

    /** What a token spells; nothing for null. */
    private static String content(Said said) {
        return switch (said.value()) {
            case Json.Text text -> text.value();
            case Json.Members members -> AddedTokenJson.read(said.file(), members, 0).content();
            default -> "";
        };
    }

    /** The added tokens by id. */
    List<AddedToken> added() {
        return added.values().stream().sorted(Comparator.comparingInt(AddedToken::id)).toList();
    }

    /** Special tokens by what {@code tokenizer_config.json} calls them. */
    Map<String, String> names() {
        return names;
    }
}
