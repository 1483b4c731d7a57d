package dev.kiln.plugins.bpe;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import org.pf4j.Extension;

/**
 * {@code gpt2}: the vocabulary of GPT-2 (and GPT-3), 50,257 ids of which 50,256 ends a text. It is
 * jtokkit's {@code r50k_base}.
 */
@Extension
public final class Gpt2TokenizerFactory implements TokenizerFactory<NoOptions> {
    private static final int SIZE = 50_257;

    @Override
    public String name() {
        return "gpt2";
    }

    @Override
    public Class<NoOptions> options() {
        return NoOptions.class;
    }

    @Override
    public Tokenizer create(NoOptions options, Context context) {
        return new ByteLevelBpe(ByteLevelTraining.tables(Gpt2Merges.load()));
    }

    @Override
    public Tokenizer load(Path folder) throws IOException {
        Tokenizer tokenizer = HuggingFaceFolder.read(folder, Kind.BYTE_LEVEL, ByteLevelBpe::new);
        if (tokenizer.vocabularySize() != SIZE) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: expected GPT-2's %d tokens, found %d",
                            folder,
                            SIZE,
                            tokenizer.vocabularySize()));
        }
        return tokenizer;
    }

    @Override
    public OptionalInt vocabularySize(NoOptions options) {
        return OptionalInt.of(SIZE);
    }
}
