package org.example.bytes;

import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.pf4j.Extension;

/** {@code bytes}: every byte of UTF-8 is a token. */
@Extension
public final class BytesFactory implements TokenizerFactory<BytesFactory.Options> {

    /** What can be said in YAML. */
    public record Options(
            @Doc("whether a token ends each document") @Default("true") boolean endOfText) {}

    @Override
    public String name() {
        return "bytes";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public Tokenizer create(Options options, Context context) {
        return new Bytes(options.endOfText());
    }

    @Override
    public OptionalInt vocabularySize(Options options) {
        return OptionalInt.of(new Bytes(options.endOfText()).vocabularySize());
    }

    @Override
    public Tokenizer load(Path folder) throws IOException {
        Path file = folder.resolve(Bytes.FILE);
        if (!Files.exists(file)) {
            throw new InvalidInput(file + ": no such file");
        }
        return switch (Files.readString(file).strip()) {
            case "endOfText: true" -> new Bytes(true);
            case "endOfText: false" -> new Bytes(false);
            default -> throw new InvalidInput(file + ":1: expected endOfText: true or false");
        };
    }
}
