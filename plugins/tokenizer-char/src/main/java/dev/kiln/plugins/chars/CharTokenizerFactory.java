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
 * {@code char}: the distinct characters of the training text. A held-out text or a prompt with
 * another character is refused: nanoGPT learns its vocabulary from the held-out text too, which the
 * option {@code also} can make up for.
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
        symbols.add(options.also());
        return new CharTokenizer(symbols.toArray());
    }

    @Override
    public Tokenizer load(Path folder) throws IOException {
        return new CharTokenizer(CharactersTxt.read(folder));
    }
}
