package ${package};

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Ids are the bytes themselves, 0 to 255. */
record Bytes() implements Tokenizer {
    static final String FILE = "bytes.txt";
    static final int COUNT = 256;

    @Override
    public int vocabularySize() {
        return COUNT;
    }

    @Override
    public int[] encode(String text) {
        return encodeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int[] encodeBytes(byte[] text) {
        int[] ids = new int[text.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Byte.toUnsignedInt(text[i]);
        }
        return ids;
    }

    @Override
    public byte[] decodeBytes(int... ids) {
        byte[] bytes = new byte[ids.length];
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= COUNT) {
                throw new InvalidInput("there is no token " + ids[i] + "; the last is 255");
            }
            bytes[i] = (byte) ids[i];
        }
        return bytes;
    }

    @Override
    public boolean lossless() {
        return true;
    }

    @Override
    public OptionalInt endOfText() {
        return OptionalInt.empty();
    }

    @Override
    public void save(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), "every byte is a token");
    }
}
