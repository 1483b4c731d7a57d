package dev.kiln.plugins.bpe;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a tokenizer's files hold, whichever they are.
 *
 * @param spellings the tokens by id, as Hugging Face's files spell them; each but once
 * @param merges whose ids are in the range of {@code spellings}
 * @param added the tokens that are found in a text before it is split, by id
 * @param names special tokens, all of them added, by what {@code tokenizer_config.json} calls them
 * @param frame the ids around every text
 * @param spaceBefore whether a space is put before a text that begins with none, and before what
 *     follows an added token
 */
record BpeTables(
        List<String> spellings,
        Merges merges,
        List<AddedToken> added,
        Map<String, String> names,
        Frame frame,
        boolean spaceBefore) {
    private static final String BEGINNING = "bos_token";
    private static final String END = "eos_token";

    BpeTables {
        spellings = List.copyOf(spellings);
        added = List.copyOf(added);
        names = Map.copyOf(names);
        int size = spellings.size();
        frame.ids()
                .filter(id -> id >= size)
                .forEach(
                        id -> {
                            throw new IllegalArgumentException(
                                    "post_processor: expected ids in [0, " + size + "), got " + id);
                        });
    }

    OptionalInt beginningOfText() {
        return id(BEGINNING);
    }

    OptionalInt endOfText() {
        return id(END);
    }

    private OptionalInt id(String name) {
        return added.stream()
                .filter(token -> token.content().equals(names.get(name)))
                .mapToInt(AddedToken::id)
                .findFirst();
    }
}
