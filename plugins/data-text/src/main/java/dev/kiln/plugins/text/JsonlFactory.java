package dev.kiln.plugins.text;

import dev.kiln.spi.Context;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.DataSourceFactory;
import org.pf4j.Extension;

/**
 * {@code jsonl}: a JSON object a line, one field of which is a document's text. Blank lines are
 * skipped. Documents are held out by a hash of their text, so two equal ones are never on both
 * sides, and a document stays on its side when others come or go.
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
        return new JsonLines(
                CorpusFiles.find(options.path(), context),
                new TextField(options.field()),
                new HeldOut(options.heldOut()),
                options.order());
    }
}
