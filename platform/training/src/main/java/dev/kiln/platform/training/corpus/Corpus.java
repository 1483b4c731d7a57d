package dev.kiln.platform.training.corpus;

import dev.kiln.platform.run.TokenHash;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.Mixture;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import dev.kiln.spi.data.TokenSource;
import dev.kiln.spi.data.Tokens;
import dev.kiln.spi.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A data source as long sequences of tokens: documents one after the other, each followed by the
 * end-of-text token if the tokenizer has one. A training sequence may hold several documents or
 * begin inside one, and attention is not masked at their borders: the end-of-text token tells the
 * model that what came before doesn't matter, as for GPT-3 (Brown et al., 2020, appendix B).
 *
 * @param parts those of a mixture, or one without a name
 * @param notices what the user should know, a line each
 */
public record Corpus(List<Part> parts, List<String> notices) {
    /** What the names of {@link #hashes} begin with. */
    public static final String DATA = "data.";

    /**
     * What is read as one.
     *
     * @param name empty when the corpus is not a mixture
     * @param share of the training sequences; all parts' shares add to 1
     */
    public record Part(String name, double share, Tokens train, Tokens heldOut, Order order) {
        /** Whether there are tokens to measure on. */
        public boolean holdsOut() {
            return heldOut.size() >= 2;
        }
    }

    /**
     * Reads and encodes a data source.
     *
     * @param context length of a training sequence
     * @throws InvalidInput when there is too little to train on, or an id is not in the vocabulary
     */
    public static Corpus read(DataSource source, Tokenizer tokenizer, int context) {
        List<Mixture.Part> sources =
                switch (source) {
                    case Mixture mixture -> mixture.parts();
                    case TextSource _, TokenSource _ -> List.of(new Mixture.Part("", source, 1));
                };
        double weights = sources.stream().mapToDouble(Mixture.Part::weight).sum();
        List<Part> parts =
                sources.stream().map(part -> read(part, weights, tokenizer, context)).toList();
        List<String> notices = new ArrayList<>(source.notices());
        if (parts.stream().noneMatch(Part::holdsOut)) {
            notices.add(
                    "nothing is held out: there is no held-out loss, and the best checkpoint is the"
                            + " last one");
        } else {
            parts.stream()
                    .filter(part -> !part.holdsOut())
                    .map(part -> "'" + part.name() + "' holds nothing out and is not measured")
                    .forEach(notices::add);
        }
        return new Corpus(parts, List.copyOf(notices));
    }

    private static Part read(Mixture.Part part, double weights, Tokenizer tokenizer, int context) {
        String where =
                part.name().isEmpty()
                        ? ""
                        : String.format(Locale.ROOT, "'%s' of the mixture: ", part.name());
        Tokens train = tokens(part.source(), Split.TRAIN, tokenizer, where);
        Tokens heldOut = tokens(part.source(), Split.HELD_OUT, tokenizer, where);
        if (train.size() == 0) {
            throw new InvalidInput(where + "the corpus is empty: there is nothing to train on");
        }
        if (train.size() <= context) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%sthe training text has %,d tokens; one sequence of the model's context needs"
                                    + " %,d: give more text or a smaller model.context",
                            where,
                            train.size(),
                            context + 1));
        }
        Order order = part.source().order();
        return new Part(part.name(), part.weight() / weights, train, heldOut, order);
    }

    private static Tokens tokens(
            DataSource source, Split split, Tokenizer tokenizer, String where) {
        return switch (source) {
            case TokenSource ready ->
                    CheckedTokens.read(ready.tokens(split), tokenizer.vocabularySize(), where);
            case TextSource texts -> encode(texts, split, tokenizer);
            case Mixture _ -> throw new IllegalStateException("a mixture in a mixture");
        };
    }

    private static Tokens encode(TextSource texts, Split split, Tokenizer tokenizer) {
        TokenBuffer buffer = new TokenBuffer();
        try (Stream<String> documents = texts.documents(split)) {
            documents.forEachOrdered(
                    document -> {
                        buffer.add(tokenizer.encode(document));
                        tokenizer.endOfText().ifPresent(buffer::add);
                    });
        }
        return buffer;
    }

    /** Tokens to train on, of all parts. */
    public long trainingTokens() {
        return parts.stream().mapToLong(part -> part.train().size()).sum();
    }

    /** What tells the tokens of each part from others, by name: they are read for that. */
    public Map<String, String> hashes() {
        Map<String, String> hashes = new TreeMap<>();
        for (Part part : parts) {
            String name = DATA + (isMixture() ? part.name() + "." : "");
            hashes.put(name + "train", TokenHash.of(part.train()));
            hashes.put(name + "heldOut", TokenHash.of(part.heldOut()));
        }
        return hashes;
    }

    /** Whether there are tokens to measure on. */
    public boolean holdsOut() {
        return parts.stream().anyMatch(Part::holdsOut);
    }

    public boolean isMixture() {
        return !parts.getFirst().name().isEmpty();
    }
}
