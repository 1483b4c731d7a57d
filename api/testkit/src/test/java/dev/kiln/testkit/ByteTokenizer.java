package dev.kiln.testkit;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** The worked example: an id a byte, and 256 that ends a text. */
class ByteTokenizer implements Tokenizer {
    @Override
    public int vocabularySize() {
        return 257;
    }

    @Override
    public int[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = bytes[i] & 0xff;
        }
        return ids;
    }

    @Override
    public byte[] decodeBytes(int... ids) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            if (id < 0 || id > 256) {
                throw new InvalidInput("expected a token id in [0, 257), got " + id);
            }
            if (id < 256) {
                bytes.write(id);
            }
        }
        return bytes.toByteArray();
    }

    @Override
    public boolean lossless() {
        return true;
    }

    @Override
    public OptionalInt endOfText() {
        return OptionalInt.of(256);
    }

    @Override
    public void save(Path folder) throws IOException {
        Files.writeString(folder.resolve("bytes.txt"), "257");
    }

    /** Loads what there is no choice in. */
    static final class ByteTokenizerFactory implements TokenizerFactory<NoOptions> {
        @Override
        public String name() {
            return "bytes";
        }

        @Override
        public Class<NoOptions> options() {
            return NoOptions.class;
        }

        @Override
        public Tokenizer create(NoOptions options, Context context) {
            return new ByteTokenizer();
        }

        @Override
        public Tokenizer load(Path folder) {
            Path file = folder.resolve("bytes.txt");
            if (!Files.exists(file)) {
                throw new InvalidInput("expected a file " + file);
            }
            return new ByteTokenizer();
        }
    }
}
