package dev.kiln.plugins.bpe;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.pf4j.Extension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code bpe}: byte-level byte-pair encoding that is trained on the run's corpus. A small corpus may
 * give fewer tokens than were asked for. Training holds every different word of the corpus in
 * memory.
 */
@Extension
public final class BpeTokenizerFactory implements TokenizerFactory<BpeOptions> {
    private static final Logger LOG = LoggerFactory.getLogger(BpeTokenizerFactory.class);

    @Override
    public String name() {
        return "bpe";
    }

    @Override
    public Class<BpeOptions> options() {
        return BpeOptions.class;
    }

    @Override
    public Tokenizer create(BpeOptions options, Context context) {
        WordCounts words;
        try (Stream<String> documents = context.trainingDocuments()) {
            words = WordCounts.of(documents);
        }
        if (words.isEmpty()) {
            throw new InvalidInput("cannot train a bpe tokenizer: the training text is empty");
        }
        // One id is the end of text.
        Merges merges = Trainer.train(words, options.vocabulary() - 1, options.minimumFrequency());
        Vocabulary vocabulary = Vocabulary.of(merges);
        if (vocabulary.size() < options.vocabulary()) {
            LOG.info(
                    "The training text gives {} tokens of the {} asked for: no further pair occurs"
                            + " {} times.",
                    vocabulary.size(),
                    options.vocabulary(),
                    options.minimumFrequency());
        }
        return new ByteLevelBpe(vocabulary, merges);
    }

    @Override
    public Tokenizer load(Path folder) throws IOException {
        return ByteLevelBpe.load(folder);
    }
}
