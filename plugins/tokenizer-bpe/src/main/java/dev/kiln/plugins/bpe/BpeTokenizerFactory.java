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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code bpe}: byte-level byte-pair encoding that is trained on the run's corpus. A small corpus may
 * give fewer tokens than were asked for. Training holds every different word of the corpus in
 * memory. Loads Hugging Face's files of GPT-2's kind, whatever their vocabulary.
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
            words = WordCounts.of(documents, ByteLevelTraining::split);
        }
        if (words.isEmpty()) {
            throw new InvalidInput("cannot train a bpe tokenizer: the training text is empty");
        }
        BpeTables tables =
                ByteLevelTraining.train(words, options.vocabulary(), options.minimumFrequency());
        logShortage(tables, options.vocabulary(), options.minimumFrequency());
        return new ByteLevelBpe(tables);
    }

    /** Says when a corpus gave fewer tokens than were asked for. */
    static void logShortage(BpeTables tables, int vocabulary, int minimumFrequency) {
        int size = tables.spellings().size();
        if (size < vocabulary) {
            LOG.info(
                    "The training text gives {} tokens of the {} asked for: no further pair occurs"
                            + " {} times.",
                    size,
                    vocabulary,
                    minimumFrequency);
        }
    }

    @Override
    public Tokenizer load(Path folder) throws IOException {
        return HuggingFaceFolder.read(folder, Kind.BYTE_LEVEL, ByteLevelBpe::new);
    }

    @Override
    public OptionalInt vocabularySize(BpeOptions options) {
        return OptionalInt.of(options.vocabulary());
    }

    @Override
    public boolean recognizes(Path folder) {
        return HuggingFaceFolder.recognizes(folder, Kind.BYTE_LEVEL);
    }
}
