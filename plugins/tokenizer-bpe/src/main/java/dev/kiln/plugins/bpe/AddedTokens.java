package dev.kiln.plugins.bpe;

import dev.kiln.plugins.bpe.AddedToken.Flag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds added tokens in a text as Hugging Face's tokenizers do: those that are not normalized first,
 * the others in what is left; each time the leftmost first, and of those the longest. Immutable and
 * thread-safe.
 */
final class AddedTokens {
    /** Takes the parts of a text, from left to right. */
    interface Parts {
        /** Bytes of the text without added tokens, one at least. */
        void text(int from, int to);

        void token(AddedToken token);
    }

    private record Pattern(byte[] bytes, AddedToken token) {}

    /** Tokens that are looked for at once. */
    private static final class Table {
        /** Patterns by their first byte, the longest first. */
        private final List<List<Pattern>> byFirstByte = new ArrayList<>();

        Table(List<AddedToken> tokens) {
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

        /** The longest token that begins at a place. */
        Optional<Pattern> at(byte[] text, int place, int limit) {
            for (Pattern pattern : byFirstByte.get(text[place] & 0xFF)) {
                int end = place + pattern.bytes.length;
                if (end <= limit && startsWith(text, place, pattern.bytes)) {
                    return Optional.of(pattern);
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

    private final List<Table> tables;
    private final boolean specialTokens;

    private AddedTokens(List<Table> tables, boolean specialTokens) {
        this.tables = tables;
        this.specialTokens = specialTokens;
    }

    /**
     * @param specialTokens whether special tokens are taken; what spells one is whole otherwise, so
     *     that no other token is found in it
     */
    static AddedTokens of(List<AddedToken> added, boolean specialTokens) {
        Predicate<AddedToken> special = token -> token.is(Flag.SPECIAL);
        Predicate<AddedToken> normalized = token -> token.is(Flag.NORMALIZED);
        List<AddedToken> all =
                specialTokens || !added.stream().allMatch(special) ? added : List.of();
        List<AddedToken> first = all.stream().filter(normalized.negate()).toList();
        List<AddedToken> second = all.stream().filter(normalized).toList();
        List<Table> tables = new ArrayList<>();
        for (List<AddedToken> tokens : List.of(first, second)) {
            if (!tokens.isEmpty()) {
                tables.add(new Table(tokens));
            }
        }
        return new AddedTokens(tables, specialTokens);
    }

    /** Whether there is nothing to find. */
    boolean isEmpty() {
        return tables.isEmpty();
    }

    /** Splits the first {@code limit} bytes, which are UTF-8. */
    void split(byte[] text, int limit, Parts parts) {
        split(0, new Stretch(text, 0, limit), parts);
    }

    private void split(int pass, Stretch stretch, Parts parts) {
        if (pass == tables.size()) {
            if (stretch.from() < stretch.to()) {
                parts.text(stretch.from(), stretch.to());
            }
            return;
        }
        int done = stretch.from();
        for (int at = done; at < stretch.to(); ) {
            Optional<Pattern> found = tables.get(pass).at(stretch.text(), at, stretch.to());
            if (found.isEmpty()) {
                at++;
                continue;
            }
            AddedToken token = found.get().token();
            int end = at + found.get().bytes().length;
            if (isTaken(token, stretch, at, end)) {
                int left = token.is(Flag.LSTRIP) ? stretch.spacesBefore(at, done) : at;
                split(pass + 1, new Stretch(stretch.text(), done, left), parts);
                parts.token(token);
                end = token.is(Flag.RSTRIP) ? stretch.spacesAfter(end) : end;
                done = end;
            }
            at = end;
        }
        split(pass + 1, new Stretch(stretch.text(), done, stretch.to()), parts);
    }

    private boolean isTaken(AddedToken token, Stretch stretch, int from, int to) {
        boolean wanted = specialTokens || !token.is(Flag.SPECIAL);
        return wanted && (!token.is(Flag.SINGLE_WORD) || stretch.isWordOfItsOwn(from, to));
    }
}
