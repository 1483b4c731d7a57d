package dev.kiln.plugins.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TokenSource;
import dev.kiln.spi.data.Tokens;
import dev.kiln.testkit.fixtures.FolderContext;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TokensFactoryTest {
    @TempDir Path folder;

    private TokenSource source(TokenType type) {
        var options = new TokensOptions("train.bin", "val.bin", type, Order.SEQUENTIAL);
        return (TokenSource) new TokensFactory().create(options, new FolderContext(1, folder));
    }

    private void write(String name, String hex) throws IOException {
        Files.write(folder.resolve(name), HexFormat.of().parseHex(hex));
    }

    /** As numpy writes np.array([1, 50256, 65535, 0], dtype=np.uint16).tofile(...). */
    @Test
    void idsAreUnsignedLittleEndianShorts() throws IOException {
        write("train.bin", "010050c4ffff0000");
        write("val.bin", "0700");
        TokenSource source = source(TokenType.UINT16);
        Tokens train = source.tokens(Split.TRAIN);
        assertEquals(4, train.size());
        int[] ids = new int[6];
        train.copy(0, ids, 1, 4);
        assertArrayEquals(new int[] {0, 1, 50256, 65535, 0, 0}, ids);
        train.copy(2, ids, 0, 1);
        assertEquals(65535, ids[0]);
        assertEquals(1, source.tokens(Split.HELD_OUT).size());
        assertEquals(Order.SEQUENTIAL, source.order());
    }

    @Test
    void aFileThatIsCutWhileItIsMappedIsNamed() throws IOException {
        Path file = folder.resolve("train.bin");
        Files.write(file, new byte[1 << 20]);
        write("val.bin", "0700");
        Tokens train = source(TokenType.UINT16).tokens(Split.TRAIN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        int[] ids = new int[1 << 19];
        assertEquals(
                file + ": was cut from 1,048,576 to 0 bytes while it was read",
                assertThrows(InvalidInput.class, () -> train.copy(0, ids, 0, 1 << 19))
                        .getMessage());
    }

    @Test
    void idsOfBigVocabulariesAreFourBytes() throws IOException {
        write("train.bin", "0100000000010200");
        write("val.bin", "ffffffff");
        TokenSource source = source(TokenType.UINT32);
        int[] ids = new int[2];
        source.tokens(Split.TRAIN).copy(0, ids, 0, 2);
        assertArrayEquals(new int[] {1, 131_328}, ids);
        assertEquals(
                folder.resolve("val.bin")
                        + ": token 0 is 4294967295; is the file of another dtype?",
                refusal(() -> source.tokens(Split.HELD_OUT).copy(0, ids, 1, 1)));
    }

    @Test
    void readingPastTheEndIsRefused() throws IOException {
        write("train.bin", "01000200");
        write("val.bin", "0100");
        Tokens train = source(TokenType.UINT16).tokens(Split.TRAIN);
        int[] ids = new int[4];
        for (long from : new long[] {-1, 1, 2, Long.MAX_VALUE}) {
            assertThrows(IndexOutOfBoundsException.class, () -> train.copy(from, ids, 0, 2));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> train.copy(0, ids, 3, 2));
    }

    @Test
    void aFileOfTheWrongSizeIsRefused() throws IOException {
        write("val.bin", "0100");
        write("train.bin", "010002");
        assertEquals(
                folder.resolve("train.bin")
                        + ": expected token ids of 2 bytes (uint16), got a file of 3 bytes",
                refusal(() -> source(TokenType.UINT16)));
        write("train.bin", "");
        assertEquals(
                folder.resolve("train.bin")
                        + ": expected token ids of 4 bytes (uint32), got a file of 0 bytes",
                refusal(() -> source(TokenType.UINT32)));
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        write("train.bin", "0100");
        write("val.bim", "0100");
        assertEquals(
                "heldOut: no such file: " + folder.resolve("val.bin") + " (did you mean val.bim?)",
                refusal(() -> source(TokenType.UINT16)));
    }

    private static String refusal(Executable action) {
        return assertThrows(InvalidInput.class, action).getMessage();
    }
}
