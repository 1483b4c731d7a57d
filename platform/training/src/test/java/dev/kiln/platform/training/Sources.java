package dev.kiln.platform.training;

import dev.kiln.platform.training.corpus.TokenBuffer;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import dev.kiln.spi.data.TokenSource;
import dev.kiln.spi.data.Tokens;
import java.util.List;
import java.util.stream.Stream;

/** Corpora in memory. */
public final class Sources {
    private Sources() {}

    public record Texts(List<String> train, List<String> heldOut, Order order)
            implements TextSource {
        @Override
        public Stream<String> documents(Split split) {
            return (split == Split.TRAIN ? train : heldOut).stream();
        }

        @Override
        public List<String> prompts() {
            return List.of("ab");
        }
    }

    public record Ids(Tokens train, Tokens heldOut) implements TokenSource {
        @Override
        public Tokens tokens(Split split) {
            return split == Split.TRAIN ? train : heldOut;
        }
    }

    public static TokenBuffer counting(int size) {
        TokenBuffer tokens = new TokenBuffer();
        for (int i = 0; i < size; i++) {
            tokens.add(i);
        }
        return tokens;
    }
}
