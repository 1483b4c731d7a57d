package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a file can be broken or hostile ends in one line that says where. */
class SafetensorsDefectsTest {
    private static final String ONE =
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("x.safetensors");
    }

    @Test
    void aMissingFileIsNamed() {
        assertDefect("no such file");
    }

    @Test
    void aFolderIsNotAFile() throws IOException {
        Files.createDirectory(file);
        assertDefect("is a folder, expected a safetensors file");
    }

    @Test
    void anEmptyFileIsTooShort() throws IOException {
        Files.write(file, new byte[0]);
        assertDefect("has 0 bytes, too few for a safetensors file");
    }

    @Test
    void aHeaderOfMoreThan100MillionBytesIsRefusedBeforeItIsRead() throws IOException {
        Files.write(file, length(100_000_001));
        assertDefect(
                "says that its header has 100000001 bytes, more than the 100000000 that are"
                        + " allowed; is it a safetensors file?");
        Files.write(file, length(-1));
        assertDefect(
                "says that its header has 18446744073709551615 bytes, more than the 100000000"
                        + " that are allowed; is it a safetensors file?");
    }

    @Test
    void aFileThatEndsInItsHeaderIsCutOff() throws IOException {
        Files.write(file, length(10));
        assertDefect("is cut off: its header should have 10 bytes, 0 are there");
    }

    @Test
    void aFileThatEndsInItsDataIsCutOffAndTheTensorNamed() throws IOException {
        write(ONE, 7);
        assertDefect("is cut off: tensor 'a' ends at byte 8 of the data, 7 are there");
    }

    @Test
    void bytesBehindTheLastTensorAreRefused() throws IOException {
        write(ONE, 9);
        assertDefect("has 1 bytes behind its last tensor");
    }

    @Test
    void aHeaderThatIsNotUtf8IsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(length(4));
        bytes.write(new byte[] {'{', (byte) 0xff, '"', '}'});
        Files.write(file, bytes.toByteArray());
        assertDefect("the header is not UTF-8");
    }

    @Test
    void invalidJsonIsRefusedWithItsPlace() throws IOException {
        write("{\"a\":", 0);
        assertStartsWith("the header is not valid JSON at character 5: Unexpected end-of-input");
        write("[]", 0);
        assertDefect("the header is not a JSON object");
        write("{}{}", 0);
        assertDefect("the header goes on behind its JSON object");
    }

    @Test
    void spacesBehindTheHeaderAreAllowed() throws IOException {
        write(ONE + "   ", 8);
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertEquals(8, opened.tensor("a").byteSize());
        }
    }

    @Test
    void aNameThatComesTwiceIsRefused() throws IOException {
        write(ONE.replace("}}", "},") + ONE.substring(1), 8);
        assertDefect("the name 'a' appears twice in the header");
    }

    @Test
    void overlappingTensorsAreRefused() throws IOException {
        write(two("[0,8]", "[4,12]"), 12);
        assertDefect("tensor 'b' overlaps another: it begins at byte 4, expected 8");
    }

    @Test
    void holesBetweenTensorsAreRefused() throws IOException {
        write(two("[0,8]", "[12,20]"), 20);
        assertDefect("tensor 'b' leaves a hole: it begins at byte 12, expected 8");
    }

    @Test
    void offsetsThatDoNotFitTheShapeAreRefused() throws IOException {
        write(two("[0,8]", "[8,12]"), 12);
        assertDefect("tensor 'b': data_offsets [8, 12] do not fit F32 [2], which has 8 bytes");
        write(two("[0,8]", "[16,8]"), 16);
        assertDefect("tensor 'b': data_offsets [16, 8] do not fit F32 [2], which has 8 bytes");
    }

    @Test
    void numbersThatOverflowAreRefused() throws IOException {
        write(ONE.replace("[2]", "[4294967296,4294967296]"), 8);
        assertDefect("tensor 'a': shape [4294967296, 4294967296] has too many elements");
        write(ONE.replace("[0,8]", "[0,99999999999999999999]"), 8);
        assertDefect(
                "tensor 'a': data_offsets holds 99999999999999999999, expected whole numbers"
                        + " from 0 on");
        write(ONE.replace("[0,8]", "[-8,0]"), 8);
        assertDefect("tensor 'a': data_offsets holds -8, expected whole numbers from 0 on");
        write(ONE.replace("[2]", "[2.0]"), 8);
        assertDefect("tensor 'a': shape holds 2.0, expected whole numbers from 0 on");
    }

    @Test
    void entriesOfAnotherFormAreRefused() throws IOException {
        write("{\"a\":1}", 0);
        assertDefect("tensor 'a': expected an object with dtype, shape and data_offsets");
        write("{\"a\":{\"dtype\":\"F32\"}}", 0);
        assertDefect("tensor 'a': expected dtype, shape and data_offsets");
        write(ONE.replace("F32", "F31"), 8);
        assertDefect("tensor 'a': unknown dtype 'F31'");
        write(ONE.replace("[0,8]", "[0,4,8]"), 8);
        assertDefect("tensor 'a': data_offsets has 3 numbers, expected 2");
        write(ONE.replace("[2]", "2"), 8);
        assertDefect("tensor 'a': shape is not a list");
        write(ONE.replace("shape", "size"), 8);
        assertDefect("tensor 'a': unknown field 'size'");
        write("{\"__metadata__\":{\"k\":1}}", 0);
        assertDefect("__metadata__ 'k' is not a string");
    }

    @Test
    void deepNestingIsRefusedAtOnce() throws IOException {
        write("{\"a\":" + "[".repeat(100_000), 0);
        assertDefect("tensor 'a': expected an object with dtype, shape and data_offsets");
    }

    private static String two(String first, String second) {
        String entry = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":%s}";
        return "{\"a\":%s,\"b\":%s}".formatted(entry.formatted(first), entry.formatted(second));
    }

    private void write(String header, int dataBytes) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(length(text.length));
        bytes.write(text);
        bytes.write(new byte[dataBytes]);
        Files.write(file, bytes.toByteArray());
    }

    private static byte[] length(long length) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    }

    private void assertDefect(String expected) {
        assertEquals(file + ": " + expected, message());
    }

    private void assertStartsWith(String expected) {
        String start = file + ": " + expected;
        String message = message();
        assertEquals(start, message.substring(0, Math.min(start.length(), message.length())));
    }

    private String message() {
        return assertThrows(InvalidInput.class, () -> SafetensorsFile.open(file)).getMessage();
    }
}
