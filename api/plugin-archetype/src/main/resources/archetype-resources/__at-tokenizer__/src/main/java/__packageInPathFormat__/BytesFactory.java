package ${package};

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.pf4j.Extension;

/** {@code ${word}}: every byte of UTF-8 is a token. */
@Extension
public final class BytesFactory implements TokenizerFactory<NoOptions> {

    @Override
    public String name() {
        return "${word}";
    }

    @Override
    public Class<NoOptions> options() {
        return NoOptions.class;
    }

    @Override
    public Tokenizer create(NoOptions options, Context context) {
        return new Bytes();
    }

    @Override
    public Tokenizer load(Path folder) {
        if (!Files.exists(folder.resolve(Bytes.FILE))) {
            throw new InvalidInput(folder.resolve(Bytes.FILE) + ": no such file");
        }
        return new Bytes();
    }

    @Override
    public OptionalInt vocabularySize(NoOptions options) {
        return OptionalInt.of(Bytes.COUNT);
    }
}
