package dev.kiln.plugins.bpe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Vocabularies of GPT-1's kind: {@code <unk>}, the symbols of the corpus by code point, what the
 * merges make in the order of their ranks, and the end of text, which GPT-1's own lacks, so that
 * documents can be packed.
 */
final class EndOfWordTraining {
    /** {@code <unk>} and the end of text. */
    private static final int SPECIAL = 2;

    private final Map<String, Integer> idOfSymbol = new HashMap<>();

    private EndOfWordTraining() {}

    /** The words of a text, for {@link WordCounts}. */
    static void split(String text, Consumer<String> words) {
        int[] symbols = Gpt1Text.standardize(text);
        for (int from = 0; from < symbols.length; ) {
            if (symbols[from] == ' ') {
                from++;
                continue;
            }
            int to = Gpt1Text.wordEnd(symbols, from);
            words.accept(new String(symbols, from, to - from));
            from = to;
        }
    }

    /**
     * Learns at most so many tokens (3 at least). Where the corpus has more symbols than that, the
     * most frequent ones are kept.
     */
    static BpeTables train(WordCounts corpus, int tokens, long minimumFrequency) {
        EndOfWordTraining training = new EndOfWordTraining();
        List<String> first = new ArrayList<>(List.of(Kind.UNKNOWN));
        first.addAll(symbols(corpus, tokens - SPECIAL));
        for (int id = 1; id < first.size(); id++) {
            training.idOfSymbol.put(first.get(id), id);
        }
        Trainer trainer = new Trainer(first);
        corpus.forEach((word, count) -> training.add(word, count, trainer));
        Merges merges = trainer.learn(tokens - 1, minimumFrequency);
        List<String> spellings = new ArrayList<>(trainer.spellings());
        List<AddedToken> added =
                List.of(
                        AddedToken.special(0, Kind.UNKNOWN),
                        AddedToken.special(spellings.size(), Kind.END_OF_TEXT));
        spellings.add(Kind.END_OF_TEXT);
        return new BpeTables(
                spellings, merges, added, Kind.END_OF_WORD.specialTokens(), Frame.NONE, false);
    }

    private static List<String> symbols(WordCounts corpus, int most) {
        Map<String, Long> counts = new HashMap<>();
        corpus.forEach(
                (word, count) ->
                        symbols(word).forEach(symbol -> counts.merge(symbol, count, Long::sum)));
        Comparator<String> byFrequency = Comparator.comparing(symbol -> -counts.get(symbol));
        return counts.keySet().stream()
                .sorted(byFrequency.thenComparing(EndOfWordTraining::compare))
                .limit(most)
                .sorted(EndOfWordTraining::compare)
                .toList();
    }

    /** By code point, and inside a word before at its end. */
    private static int compare(String one, String other) {
        int byPoint = Integer.compare(one.codePointAt(0), other.codePointAt(0));
        return byPoint != 0 ? byPoint : Integer.compare(one.length(), other.length());
    }

    private static List<String> symbols(String word) {
        List<String> symbols = new ArrayList<>();
        word.codePoints().forEach(point -> symbols.add(Character.toString(point)));
        symbols.set(symbols.size() - 1, symbols.getLast() + Kind.END_OF_WORD_MARK);
        return symbols;
    }

    /** Adds a word, or its parts between symbols that are not in the vocabulary. */
    private void add(String word, long count, Trainer trainer) {
        IntList part = new IntList(word.length());
        for (String symbol : symbols(word)) {
            Integer id = idOfSymbol.get(symbol);
            if (id != null) {
                part.add(new int[] {id}, 1);
            } else {
                trainer.add(part.toArray(), count);
                part.truncate(0);
            }
        }
        trainer.add(part.toArray(), count);
    }
}
