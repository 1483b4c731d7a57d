package dev.kiln.plugins.bpe;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.pf4j.Extension;

/**
 * {@code gpt1}: byte-pair encoding of lower-case words, with GPT-1's own vocabulary from a folder, or
 * trained on the run's corpus. GPT-1's own has no end-of-text token; a trained one has.
 */
@Extension
public final class Gpt1TokenizerFactory implements TokenizerFactory<Gpt1Options> {
    @Override
    public String name() {
        return "gpt1";
    }

    @Override
    public Class<Gpt1Options> options() {
        return Gpt1Options.class;
    }

    @Override
    public Tokenizer create(Gpt1Options options, Context context) {
        return options.folder().isEmpty()
                ? train(options, context)
                : read(context.resolve(options.folder()));
    }

    private Tokenizer read(Path folder) {
        try {
            return load(folder);
        } catch (IOException e) {
            throw new InvalidInput("cannot read the gpt1 tokenizer in " + folder + ": " + e, e);
        }
    }

    private static Tokenizer train(Gpt1Options options, Context context) {
        WordCounts words;
        try (Stream<String> documents = context.trainingDocuments()) {
            words = WordCounts.of(documents, EndOfWordTraining::split);
        }
        if (words.isEmpty()) {
            throw new InvalidInput("cannot train a gpt1 tokenizer: the training text has no words");
        }
        BpeTables tables =
                EndOfWordTraining.train(words, options.vocabulary(), options.minimumFrequency());
        BpeTokenizerFactory.logShortage(tables, options.vocabulary(), options.minimumFrequency());
        return new EndOfWordBpe(tables);
    }

    @Override
    public Tokenizer load(Path folder) throws IOException {
        return HuggingFaceFolder.read(folder, Kind.END_OF_WORD, EndOfWordBpe::new);
    }

    @Override
    public OptionalInt vocabularySize(Gpt1Options options) {
        return options.folder().isEmpty()
                ? OptionalInt.of(options.vocabulary())
                : OptionalInt.empty();
    }

    @Override
    public boolean recognizes(Path folder) {
        return HuggingFaceFolder.recognizes(folder, Kind.END_OF_WORD);
    }
}
