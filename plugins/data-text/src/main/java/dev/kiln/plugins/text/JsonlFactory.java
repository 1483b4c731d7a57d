package dev.kiln.plugins.text;

import dev.kiln.spi.Context;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.DataSourceFactory;
import java.util.List;
import org.pf4j.Extension;

/**
 * {@code jsonl}: a JSON object a line, one field of which is a document's text. Blank lines are
 * skipped. Documents are held out by a hash of their text, at least one, so two equal ones are never
 * on both sides, and a document stays on its side when others come or go; or they are in files of
 * their own. Files may be compressed by gzip or zstd.
 */
@Extension
public final class JsonlFactory implements DataSourceFactory<JsonlOptions> {
    @Override
    public String name() {
        return "jsonl";
    }

    @Override
    public Class<JsonlOptions> options() {
        return JsonlOptions.class;
    }

    @Override
    public DataSource create(JsonlOptions options, Context context) {
        TextField field = new TextField(options.field(), options.missing());
        if (options.heldOutPath().isEmpty()) {
            List<CorpusFile> files = CorpusFiles.find("path", options.path(), context);
            return new JsonLines(new LineFiles(files, field), options.heldOut(), options.order());
        }
        CorpusFiles.Apart files =
                CorpusFiles.apart(options.path(), options.heldOutPath().get(), context);
        return new JsonLinesApart(
                new LineFiles(files.train(), field),
                new LineFiles(files.heldOut(), field),
                options.order());
    }
}
