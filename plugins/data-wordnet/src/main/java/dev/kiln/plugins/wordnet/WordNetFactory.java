package dev.kiln.plugins.wordnet;

import dev.kiln.spi.Context;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.DataSourceFactory;
import org.pf4j.Extension;

/** {@code wordnet}: the definitions and examples of WordNet 3.1, about 11 MB of English. */
@Extension
public final class WordNetFactory implements DataSourceFactory<WordNetOptions> {
    @Override
    public String name() {
        return "wordnet";
    }

    @Override
    public Class<WordNetOptions> options() {
        return WordNetOptions.class;
    }

    @Override
    public DataSource create(WordNetOptions options, Context context) {
        return new WordNet(options.heldOut(), options.order());
    }
}
