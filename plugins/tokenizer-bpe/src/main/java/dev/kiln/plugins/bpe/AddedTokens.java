package dev.kiln.plugins.bpe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the added tokens that stand for text, the leftmost first and of those the longest, as
 * Hugging Face's tokenizers do. Immutable and thread-safe.
 */
final class AddedTokens {
    private record Pattern(byte[] bytes, AddedToken token) {}

    /** Patterns by their first byte, the longest first. */
    private final List<List<Pattern>> byFirstByte = new ArrayList<>();

    private final boolean none;

    private AddedTokens(List<AddedToken> tokens) {
        none = tokens.isEmpty();
        for (int value = 0; value < ByteAlphabet.SIZE; value++) {
            byFirstByte.add(new ArrayList<>());
        }
        for (AddedToken token : tokens) {
            byte[] bytes = Utf8.bytes(token.content());
            byFirstByte.get(bytes[0] & 0xFF).add(new Pattern(bytes, token));
        }
        Comparator<Pattern> longest = Comparator.comparingInt(p -> -p.bytes.length);
        byFirstByte.forEach(patterns -> patterns.sort(longest));
    }

    static AddedTokens of(BpeTables tables) {
        return new AddedTokens(tables.added().stream().filter(token -> !token.special()).toList());
    }

    /** Where the next added token begins, at {@code from} or after; {@code limit} if none does. */
    int find(byte[] text, int from, int limit) {
        if (none) {
            return limit;
        }
        int place = from;
        while (place < limit && at(text, place, limit).isEmpty()) {
            place++;
        }
        return place;
    }

    /** The added token that begins at a place. */
    Optional<AddedToken> at(byte[] text, int place, int limit) {
        for (Pattern pattern : byFirstByte.get(text[place] & 0xFF)) {
            int end = place + pattern.bytes.length;
            if (end <= limit && startsWith(text, place, pattern.bytes)) {
                return Optional.of(pattern.token);
            }
        }
        return Optional.empty();
    }

    private static boolean startsWith(byte[] text, int place, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (text[place + i] != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
