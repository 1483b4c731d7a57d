package dev.kiln.spi.data;

import dev.kiln.spi.Stable;

/** A corpus that is tokens already. */
@Stable
public non-sealed interface TokenSource extends DataSource {

    /**
     * The tokens of a split; none of them where nothing is held out.
     *
     * @throws dev.kiln.spi.InvalidInput when a file is missing, empty or of a wrong size
     */
    Tokens tokens(Split split);
}
