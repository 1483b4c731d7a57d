package dev.kiln.spi.data;

import dev.kiln.spi.Stable;
import java.util.stream.Stream;

/** A corpus of documents. */
@Stable
public non-sealed interface TextSource extends DataSource {

    /**
     * The documents of a split, always the same in the same order; none where nothing is held out.
     * The caller closes the stream.
     *
     * @throws dev.kiln.spi.InvalidInput when a file is missing, empty or not as expected; names the
     *     file, and the line where there is one
     */
    Stream<String> documents(Split split);
}
