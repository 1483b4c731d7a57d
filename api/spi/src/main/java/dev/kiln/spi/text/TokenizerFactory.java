package dev.kiln.spi.text;

import dev.kiln.spi.Factory;
import dev.kiln.spi.Stable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Extension point: a tokenizer. {@code create} may learn it from {@link
 * dev.kiln.spi.Context#trainingDocuments}; it is then saved with the run, and {@link #load}ed by
 * whatever uses the run's model.
 */
@Stable
public interface TokenizerFactory<O extends Record> extends Factory<O, Tokenizer> {

    /**
     * Reads what {@link Tokenizer#save} wrote.
     *
     * @throws dev.kiln.spi.InvalidInput when a file is missing or broken; names the file
     */
    Tokenizer load(Path folder) throws IOException;

    /**
     * How many ids a tokenizer of these options has, as far as that is known without a corpus: an
     * upper bound where it is learned.
     */
    default OptionalInt vocabularySize(O options) {
        return OptionalInt.empty();
    }

    /**
     * Whether the tokenizer files of a Hugging Face folder are of this kind, so that {@link #load}
     * reads them. False where there are none. Looks at files, doesn't check them.
     */
    default boolean recognizes(Path folder) {
        return false;
    }
}
