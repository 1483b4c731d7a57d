package dev.kiln.platform.training.corpus;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.Mixture;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import dev.kiln.spi.data.TokenSource;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A run's context whose corpus is known. */
public record CorpusContext(Context run, DataSource source) implements Context {

    @Override
    public long seed() {
        return run.seed();
    }

    @Override
    public Path resolve(String path) {
        return run.resolve(path);
    }

    @Override
    public Path runFolder() {
        return run.runFolder();
    }

    @Override
    public Stream<String> trainingDocuments() {
        return documents(source, Split.TRAIN);
    }

    @Override
    public Stream<String> heldOutDocuments() {
        return documents(source, Split.HELD_OUT);
    }

    /** Of a mixture, the documents of all parts, each once: weights don't count here. */
    private static Stream<String> documents(DataSource source, Split split) {
        return switch (source) {
            case Mixture mixture ->
                    mixture.parts().stream().flatMap(part -> documents(part.source(), split));
            case TextSource texts -> texts.documents(split);
            case TokenSource ready ->
                    throw new InvalidInput(
                            "this tokenizer is learned from text, but the data is tokens already:"
                                    + " name the tokenizer that made them");
        };
    }
}
