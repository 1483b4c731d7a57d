package dev.kiln.plugins.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import dev.kiln.testkit.fixtures.FolderContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TextFactoryTest {
    @TempDir Path folder;

    private TextSource source(String path, double heldOut) {
        return source(new TextOptions(path, heldOut, Optional.empty(), Order.SEQUENTIAL));
    }

    private TextSource apart(String path, String heldOutPath) {
        return source(new TextOptions(path, 0.1, Optional.of(heldOutPath), Order.SEQUENTIAL));
    }

    private TextSource source(TextOptions options) {
        return (TextSource) new TextFactory().create(options, new FolderContext(1, folder));
    }

    private static List<String> all(TextSource source, Split split) {
        try (Stream<String> documents = source.documents(split)) {
            return documents.toList();
        }
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void oneDocumentIsCutAfterNineTenthsOfItsCharacters() throws IOException {
        write("a.txt", "añ字🍵5\r\n8ab🍵");
        TextSource source = source("a.txt", 0.1);
        assertEquals(List.of("añ字🍵5\r\n8a"), all(source, Split.TRAIN));
        assertEquals(List.of("b🍵"), all(source, Split.HELD_OUT));
        assertEquals(Order.SEQUENTIAL, source.order());
    }

    /** nanoGPT's split of its 1,115,394 characters: 1,003,854 and 111,540. */
    @Test
    void theCutOfTinyShakespearesLengthIsNanoGpts() throws IOException {
        write("a.txt", "x".repeat(1_115_394));
        TextSource source = source("a.txt", 0.1);
        assertEquals(1_003_854, all(source, Split.TRAIN).getFirst().length());
        assertEquals(111_540, all(source, Split.HELD_OUT).getFirst().length());
    }

    @Test
    void withNothingHeldOutAllIsTrainedOn() throws IOException {
        write("a.txt", "text");
        assertEquals(List.of("text"), all(source("a.txt", 0), Split.TRAIN));
        assertEquals(List.of(), all(source("a.txt", 0), Split.HELD_OUT));
        write("b/1.txt", "one");
        write("b/2.txt", "two");
        assertEquals(List.of("one", "two"), all(source("b", 0), Split.TRAIN));
        assertEquals(List.of(), all(source("b", 0), Split.HELD_OUT));
    }

    @Test
    void ofSeveralDocumentsWholeOnesAreHeldOut() throws IOException {
        for (int i = 100; i < 140; i++) {
            write("docs/" + i + ".txt", "document " + i);
        }
        List<String> train = all(source("docs", 0.1), Split.TRAIN);
        List<String> heldOut = all(source("docs", 0.1), Split.HELD_OUT);
        assertEquals(36, train.size());
        assertEquals(4, heldOut.size());
        List<String> both = new ArrayList<>(train);
        both.addAll(heldOut);
        assertEquals(
                Stream.iterate(100, i -> i + 1).limit(40).map(i -> "document " + i).toList(),
                both.stream().sorted().toList());
        assertEquals(train, all(source("docs/*.txt", 0.1), Split.TRAIN));
    }

    @Test
    void ofTwoDocumentsOneIsHeldOutWhateverTheShare() throws IOException {
        write("docs/a.txt", "one");
        write("docs/b.txt", "two");
        for (double share : new double[] {0.01, 0.9}) {
            assertEquals(1, all(source("docs", share), Split.TRAIN).size());
            assertEquals(1, all(source("docs", share), Split.HELD_OUT).size());
        }
    }

    @Test
    void aFolderMeansAllFilesBelowItButHiddenAndEmptyOnes() throws IOException {
        write("docs/b/c.md", "deep");
        write("docs/a.txt", "flat");
        write("docs/.hidden", "no");
        write("docs/.git/config", "no");
        write("docs/empty.txt", "");
        assertEquals(List.of("flat", "deep"), all(source("docs", 0), Split.TRAIN));
    }

    @Test
    void aPatternMeansTheFilesThatItMatches() throws IOException {
        write("docs/b/c.txt", "deep");
        write("docs/a.txt", "flat");
        write("docs/a.md", "other");
        assertEquals(List.of("flat"), all(source("docs/*.txt", 0), Split.TRAIN));
        assertEquals(List.of("flat", "deep"), all(source("docs/**.txt", 0), Split.TRAIN));
        assertEquals(List.of("other", "flat"), all(source("docs/a.{md,txt}", 0), Split.TRAIN));
        assertEquals("path: no file matches docs/*.xml", refusal(() -> source("docs/*.xml", 0)));
        assertTrue(
                refusal(() -> source("docs/[", 0)).startsWith("path: not a pattern of files: [: "));
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheText() throws IOException {
        write("a.txt", "\ufefftext\ufeff");
        assertEquals(List.of("text\ufeff"), all(source("a.txt", 0), Split.TRAIN));
    }

    @Test
    void whatIsNotUtf8IsNamedWithItsByte() throws IOException {
        byte[] text = "x".repeat(20_000).concat("\ufffd").getBytes();
        text[15_001] = (byte) 0xE9;
        Files.write(folder.resolve("a.txt"), text);
        assertEquals(
                folder.resolve("a.txt") + ": expected UTF-8; byte 15001 of the file (0xE9) is not",
                refusal(() -> all(source("a.txt", 0.1), Split.TRAIN)));
    }

    @Test
    void theReplacementCharacterItselfIsText() throws IOException {
        write("a.txt", "a\ufffdb");
        assertEquals(List.of("a\ufffdb"), all(source("a.txt", 0), Split.TRAIN));
    }

    @Test
    void anEmptyCorpusIsRefused() throws IOException {
        write("a.txt", "");
        assertEquals(
                folder.resolve("a.txt") + ": empty; expected text",
                refusal(() -> source("a.txt", 0.1)));
        Files.createDirectories(folder.resolve("none"));
        assertEquals("path: no file matches none", refusal(() -> source("none", 0.1)));
        write("b.txt", "x");
        assertEquals(
                folder.resolve("b.txt") + ": too short to train on",
                refusal(() -> all(source("b.txt", 0.1), Split.TRAIN)));
    }

    @Test
    void heldOutDocumentsMayBeInFilesOfTheirOwnAndAreNotTrainedOn() throws IOException {
        write("docs/a.txt", "one");
        write("docs/b.txt", "two");
        write("docs/val/c.txt", "three");
        TextSource inside = apart("docs", "docs/val");
        assertEquals(List.of("one", "two"), all(inside, Split.TRAIN));
        assertEquals(List.of("three"), all(inside, Split.HELD_OUT));
        TextSource outside = apart("docs/a.txt", "docs/b.txt");
        assertEquals(List.of("one"), all(outside, Split.TRAIN));
        assertEquals(List.of("two"), all(outside, Split.HELD_OUT));
        assertEquals(
                "path: all its files are held out by heldOutPath: docs/a.txt",
                refusal(() -> apart("docs/a.txt", "docs/*.txt")));
        assertEquals(
                "heldOutPath: no such file or folder: "
                        + folder.resolve("docs/a.tx")
                        + " (did you mean a.txt?)",
                refusal(() -> apart("docs", "docs/a.tx")));
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    /** As zstd 1.5.4 packs "añ字🍵5 8ab🍵", with its checksum. */
    private static final String ZSTD =
            "28b52ffd045899000061c3b1e5ad97f09f8db53520386162f09f8db529bd3b3d";

    @Test
    void compressedFilesAreUnpackedWhateverTheirNames() throws IOException {
        String text = "añ字🍵5 8ab🍵";
        byte[] packed = gzip(text.getBytes(StandardCharsets.UTF_8));
        Files.write(folder.resolve("a.txt.gz"), packed);
        assertEquals(List.of("añ字🍵5 8ab"), all(source("a.txt.gz", 0.1), Split.TRAIN));
        assertEquals(List.of("🍵"), all(source("a.txt.gz", 0.1), Split.HELD_OUT));
        Files.write(folder.resolve("b"), HexFormat.of().parseHex(ZSTD));
        assertEquals(List.of(text), all(source("b", 0), Split.TRAIN));
        // Two members, as by cat a.gz b.gz.
        byte[] twice = Arrays.copyOf(packed, 2 * packed.length);
        System.arraycopy(packed, 0, twice, packed.length, packed.length);
        Files.write(folder.resolve("c"), twice);
        assertEquals(List.of(text + text), all(source("c", 0), Split.TRAIN));
    }

    @Test
    void aBrokenCompressedFileIsNamed() throws IOException {
        byte[] packed = gzip("some text of some length".getBytes(StandardCharsets.UTF_8));
        Files.write(folder.resolve("a.gz"), Arrays.copyOf(packed, packed.length - 9));
        assertEquals(
                folder.resolve("a.gz")
                        + ": can't be unpacked after 23 bytes of text: Unexpected end of ZLIB input"
                        + " stream",
                refusal(() -> all(source("a.gz", 0), Split.TRAIN)));
        byte[] zstd = HexFormat.of().parseHex(ZSTD);
        zstd[zstd.length - 1] ^= 1;
        Files.write(folder.resolve("a.zst"), zstd);
        String message = refusal(() -> all(source("a.zst", 0), Split.TRAIN));
        assertTrue(message.startsWith(folder.resolve("a.zst") + ": can't be unpacked"), message);
    }

    @Test
    void aSmallFileThatUnpacksToVeryMuchIsRefused() throws IOException {
        Files.write(folder.resolve("a.gz"), gzip(new byte[65 << 20]));
        assertEquals(
                folder.resolve("a.gz")
                        + ": unpacks to more than 250 times its size, which no text does",
                refusal(() -> all(source("a.gz", 0), Split.TRAIN)));
    }

    @Test
    void aMissingFileIsNamedWithTheNearestThatExists() throws IOException {
        write("shakespeare.txt", "x");
        assertEquals(
                "path: no such file or folder: "
                        + folder.resolve("shakespear.txt")
                        + " (did you mean shakespeare.txt?)",
                refusal(() -> source("shakespear.txt", 0.1)));
        assertTrue(refusal(() -> source("else.txt", 0.1)).endsWith("else.txt"));
    }

    private static String refusal(Executable action) {
        return assertThrows(InvalidInput.class, action).getMessage();
    }
}
