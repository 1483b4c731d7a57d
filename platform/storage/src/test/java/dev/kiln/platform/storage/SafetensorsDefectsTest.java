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
        for (String other : new String[] {"[]", " {}", "null", "", "\ufeff{}"}) {
            write(other, 0);
            assertDefect("the header is not a JSON object: it must begin with {");
        }
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
    void everyTypeOfTheFormatHasItsSize() throws IOException {
        // Bits an element, as in the list of the format's own implementation, 0.8.0.
        String types =
                "BOOL 8, F4 4, F6_E2M3 6, F6_E3M2 6, U8 8, I8 8, F8_E5M2 8, F8_E4M3 8, F8_E8M0 8,"
                        + " F8_E4M3FNUZ 8, F8_E5M2FNUZ 8, I16 16, U16 16, F16 16, BF16 16, I32 32,"
                        + " U32 32, F32 32, C64 64, F64 64, I64 64, U64 64";
        for (String type : types.split(", ")) {
            String[] word = type.split(" ");
            int bytes = Integer.parseInt(word[1]); // of 8 elements
            write(
                    "{\"a\":{\"dtype\":\"%s\",\"shape\":[8],\"data_offsets\":[0,%d]}}"
                            .formatted(word[0], bytes),
                    bytes);
            try (SafetensorsFile opened = SafetensorsFile.open(file)) {
                assertEquals(bytes, opened.tensor("a").byteSize());
                assertEquals(8, opened.describe("a").size());
            }
        }
        assertEquals(22, StoredType.values().length);
    }

    @Test
    void elementsThatEndWithinAByteAreRefused() throws IOException {
        write(ONE.replace("F32", "F6_E2M3").replace("[0,8]", "[0,2]"), 2);
        assertDefect("tensor 'a': F6_E2M3 [2] ends within a byte");
    }

    @Test
    void emptyTensorsAndScalarsHaveTheirPlace() throws IOException {
        String entry = "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":%s}";
        write(
                "{"
                        + entry.formatted("", "[0,3]", "[4,4]")
                        + ","
                        + entry.formatted("s", "[]", "[0,4]")
                        + "}",
                4);
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertEquals(0, opened.describe("").size());
            assertEquals(1, opened.describe("s").size());
        }
        write("{" + entry.formatted("x", "[0]", "[4,4]") + "}", 4);
        assertDefect("tensor 'x' leaves a hole: it begins at byte 4, expected 0");
    }

    @Test
    void fieldsThatComeTwiceAreRefused() throws IOException {
        write(ONE.replace("\"shape\":[2]", "\"shape\":[2],\"shape\":[2]"), 8);
        assertDefect("the name 'shape' appears twice in the header");
        write("{\"__metadata__\":{\"k\":\"1\",\"k\":\"1\"}}", 0);
        assertDefect("the name 'k' appears twice in the header");
        write("{\"__metadata__\":{},\"__metadata__\":{}}", 0);
        assertDefect("the name '__metadata__' appears twice in the header");
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
