package dev.kiln.spi.text;

import dev.kiln.spi.Factory;
import dev.kiln.spi.Stable;
import java.io.IOException;
import java.nio.file.Path;

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
}
