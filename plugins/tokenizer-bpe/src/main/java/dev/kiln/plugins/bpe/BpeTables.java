package dev.kiln.plugins.bpe;

import java.util.List;

/**
 * What a tokenizer's files hold, whichever they are.
 *
 * @param spellings the tokens by id, as Hugging Face's files spell them; each but once
 * @param merges whose ids are in the range of {@code spellings}
 * @param added the tokens that {@code tokenizer.json} lists as added, by id; where there is no such
 *     file, those that are neither symbols nor made by a merge
 */
record BpeTables(List<String> spellings, Merges merges, List<AddedToken> added) {
    BpeTables {
        spellings = List.copyOf(spellings);
        added = List.copyOf(added);
    }
}
