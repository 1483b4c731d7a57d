package dev.kiln.plugins.chars;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.pf4j.Extension;

/**
 * {@code char}: the distinct characters of the text, of what is held out too, as nanoGPT has them: a
 * small text may have some there alone. A prompt with another character is refused, unless the
 * option {@code also} names it.
 */
@Extension
public final class CharTokenizerFactory implements TokenizerFactory<CharOptions> {
    @Override
    public String name() {
        return "char";
    }

    @Override
    public Class<CharOptions> options() {
        return CharOptions.class;
    }

    @Override
    public Tokenizer create(CharOptions options, Context context) {
        Symbols symbols = new Symbols();
        try (Stream<String> documents = context.trainingDocuments()) {
            documents.forEachOrdered(symbols::add);
        }
        if (symbols.isEmpty()) {
            throw new InvalidInput("cannot learn a char tokenizer: the training text is empty");
        }
        try (Stream<String> documents = context.heldOutDocuments()) {
            documents.forEachOrdered(symbols::add);
        }
        symbols.add(options.also());
        return new CharTokenizer(symbols.toArray());
    }

    @Override
    public Tokenizer load(Path folder) throws IOException {
        return new CharTokenizer(CharactersTxt.read(folder));
    }
}
