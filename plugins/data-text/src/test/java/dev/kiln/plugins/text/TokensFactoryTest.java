package dev.kiln.plugins.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TokenSource;
import dev.kiln.spi.data.Tokens;
import dev.kiln.testkit.fixtures.FolderContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensFactoryTest {
    private static final String WRITE =
            "; write the raw ids with NumPy's ids.astype(np.%s).tofile(\"FILE\")";

    @TempDir Path folder;

    private TokenSource source(TokenType type) {
        return source(type, Optional.of("val.bin"));
    }

    private TokenSource source(TokenType type, Optional<String> heldOut) {
        var options = new TokensOptions("train.bin", heldOut, type, Order.SEQUENTIAL);
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
                        + ": token 0 (at byte 0) has the id 4,294,967,295; is the file of another"
                        + " dtype?",
                refusal(() -> source.tokens(Split.HELD_OUT).copy(0, ids, 1, 1)));
    }

    @Test
    void nothingNeedsToBeHeldOut() throws IOException {
        write("train.bin", "01000200");
        TokenSource source = source(TokenType.UINT16, Optional.empty());
        assertEquals(2, source.tokens(Split.TRAIN).size());
        Tokens none = source.tokens(Split.HELD_OUT);
        assertEquals(0, none.size());
        none.copy(0, new int[0], 0, 0);
        assertThrows(IndexOutOfBoundsException.class, () -> none.copy(0, new int[1], 0, 1));
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
                        + ": expected token ids of 2 bytes (uint16), got a file of 3 bytes"
                        + WRITE.formatted("uint16"),
                refusal(() -> source(TokenType.UINT16)));
        write("train.bin", "");
        assertEquals(
                folder.resolve("train.bin")
                        + ": expected token ids of 4 bytes (uint32), got a file of 0 bytes"
                        + WRITE.formatted("uint32"),
                refusal(() -> source(TokenType.UINT32)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The beginnings of what NumPy 2's save and savez, torch 2's save, its older form
                // and Python's pickle.dump write; pickles end with a full stop.
                "934e554d50590100|NumPy's own format (np.save), with a header before the ids",
                "504b030400000808|a zip archive, as torch.save and np.savez write",
                "80028a0a6cfc9c46f9206aa850192e80022e|a Python pickle, as torch.save and pickle.dump"
                        + " write",
                "80049507000000000000005d94284b014b02652e|a Python pickle, as torch.save and"
                        + " pickle.dump write",
                "1f8b0800000000000003|compressed by gzip",
                "28b52ffd0401|compressed by zstd",
                "504152311504|a Parquet file"
            })
    void aFileOfAnotherFormatIsRefusedByItsName(String hex, String name) throws IOException {
        write("val.bin", "0100");
        write("train.bin", hex);
        assertEquals(
                folder.resolve("train.bin") + ": is " + name + WRITE.formatted("uint16"),
                refusal(() -> source(TokenType.UINT16)));
    }

    /** Id 640, 896 or 1,152 at the beginning, which is byte 80 with a version of pickle. */
    @ParameterizedTest
    @ValueSource(strings = {"8002010002000300", "80030100", "8004010002002e2e", "8006012e", "502e"})
    void aFileOfIdsThatBeginsLikeAnotherFormatIsRead(String hex) throws IOException {
        write("val.bin", "0100");
        write("train.bin", hex);
        assertEquals(hex.length() / 4, source(TokenType.UINT16).tokens(Split.TRAIN).size());
    }

    /** As dev/data/data_common.py of llm.c writes it: 256 int32, then the tokens. */
    private static String llmc(int magic, int version, int count, String ids) {
        ByteBuffer header = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(magic).putInt(version).putInt(count);
        return HexFormat.of().formatHex(header.array()) + ids;
    }

    @Test
    void theHeaderOfLlmcIsReadAndSkipped() throws IOException {
        write("train.bin", llmc(20240520, 1, 3, "010050c4ffff"));
        write("val.bin", llmc(20240801, 7, 2, "0100000000010200"));
        TokenSource source = source(TokenType.UINT16);
        int[] ids = new int[3];
        source.tokens(Split.TRAIN).copy(0, ids, 0, 3);
        assertArrayEquals(new int[] {1, 50256, 65535}, ids);
        assertEquals(3, source.tokens(Split.TRAIN).size());
        assertEquals(
                folder.resolve("train.bin") + ": token 2 (at byte 1,028)",
                source.tokens(Split.TRAIN).place(2));
        ids = new int[2];
        source.tokens(Split.HELD_OUT).copy(0, ids, 0, 2);
        assertArrayEquals(new int[] {1, 131_328}, ids);
    }

    @Test
    void aHeaderOfLlmcThatDoesNotFitTheFileIsRefused() throws IOException {
        write("val.bin", "0100");
        write("train.bin", llmc(20240520, 1, 4, "010050c4ffff"));
        assertEquals(
                ": llm.c's header says 4 tokens of 2 bytes, which makes a file of 1,032 bytes; it has"
                        + " 1,030",
                refused());
        write("train.bin", llmc(20240520, 1, 0, ""));
        assertTrue(refused().startsWith(": llm.c's header says 0 tokens"));
        write("train.bin", llmc(20240801, 8, 1, "01000000"));
        assertEquals(": expected version 7 of llm.c's header for uint32, got 8", refused());
        write("train.bin", llmc(20240522, 1, 1, "01000000"));
        assertEquals(": holds llm.c's multiple-choice questions, not a text's tokens", refused());
    }

    private String refused() {
        String message = refusal(() -> source(TokenType.UINT16));
        String file = folder.resolve("train.bin").toString();
        assertTrue(message.startsWith(file), message);
        return message.substring(file.length());
    }

    @Test
    void widerIdsAreNotReadAsNarrowOnes() throws IOException {
        write("val.bin", "01000000");
        write("train.bin", "0500000007000000".repeat(100));
        assertEquals(
                ": every other id is 0, as where wider ids are read as uint16; give their dtype, or"
                        + " write them with NumPy's ids.astype(np.uint16).tofile(\"FILE\")",
                refused());
        write("train.bin", "0500000000000000".repeat(100));
        assertTrue(refused().startsWith(": every other id is 0"));
        assertTrue(refusal(() -> source(TokenType.UINT32)).contains("read as uint32"));
        write("train.bin", "0500000007000000".repeat(100));
        assertEquals(200, source(TokenType.UINT32).tokens(Split.TRAIN).size());
        write("train.bin", "00000000".repeat(100));
        assertEquals(200, source(TokenType.UINT16).tokens(Split.TRAIN).size());
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
