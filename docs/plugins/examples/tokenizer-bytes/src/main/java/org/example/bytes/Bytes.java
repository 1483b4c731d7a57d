package org.example.bytes;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Ids 0 to 255 are the bytes; 256 ends a document, if asked for. */
record Bytes(boolean ends) implements Tokenizer {
    static final String FILE = "bytes.yaml";
    private static final int END = 256;

    @Override
    public int vocabularySize() {
        return ends ? END + 1 : END;
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
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(ids.length);
        for (int id : ids) {
            if (id < 0 || id >= vocabularySize()) {
                throw new InvalidInput(
                        "there is no token " + id + "; the last is " + (vocabularySize() - 1));
            }
            if (id != END) {
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
        return ends ? OptionalInt.of(END) : OptionalInt.empty();
    }

    @Override
    public void save(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), "endOfText: " + ends + "\n");
    }
}
