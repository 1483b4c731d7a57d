package dev.kiln.plugins.text;

import dev.kiln.spi.Context;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.DataSourceFactory;
import java.util.List;
import org.pf4j.Extension;

/**
 * {@code text}: plain text, a file a document. One document is cut, the first 90 % of its characters
 * to train on, as nanoGPT cuts tiny Shakespeare; of several, whole ones are held out, at least one;
 * or files of their own are. Files may be compressed by gzip or zstd. A byte order mark is dropped; everything else, line ends included, is the text.
 */
@Extension
public final class TextFactory implements DataSourceFactory<TextOptions> {
    @Override
    public String name() {
        return "text";
    }

    @Override
    public Class<TextOptions> options() {
        return TextOptions.class;
    }

    @Override
    public DataSource create(TextOptions options, Context context) {
        if (options.heldOutPath().isPresent()) {
            CorpusFiles.Apart apart =
                    CorpusFiles.apart(options.path(), options.heldOutPath().get(), context);
            return new ManyTexts(apart.train(), apart.heldOut(), options.order());
        }
        List<CorpusFile> files = CorpusFiles.find("path", options.path(), context);
        return files.size() == 1
                ? new OneText(files.getFirst(), options.heldOut(), options.order())
                : ManyTexts.of(files, options.heldOut(), options.order());
    }
}
