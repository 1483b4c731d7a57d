package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the tokenizer whose ids are the bytes of UTF-8. */
class TokenizeCommandTest {
    @TempDir private Path folder;

    private String data(String input, String... arguments) {
        Command command = Command.kiln(folder, input, arguments);
        assertEquals("", command.err());
        assertEquals("", command.out());
        assertEquals(0, command.exitCode());
        return command.data();
    }

    private String refusal(String input, String... arguments) {
        Command command = Command.kiln(folder, input, arguments);
        assertEquals(2, command.exitCode(), command.err());
        assertEquals("", command.data());
        return command.err();
    }

    @Test
    void textBecomesIdsByteForByte() {
        assertEquals("{\"ids\":[72,105,33,195,164,10]}\n", data("Hi!ä\n", "tokenize", "bytes"));
        assertEquals("{\"ids\":[]}\n", data("", "tokenize", "bytes"));
    }

    @Test
    void aRunFoldersTokenizerIsTakenAndAFolderGoesBeforeAName() throws IOException {
        Path run = TinyRunFolder.write(folder.resolve("bytes"));
        assertEquals("{\"ids\":[97]}\n", data("a", "tokenize", run.toString()));
    }

    @Test
    void tokensAddTheirTexts() {
        assertEquals(
                "{\"ids\":[34,10,195,164,92],\"tokens\":[\"\\\"\",\"\\n\",\"\uFFFD\",\"\uFFFD\",\"\\\\\"]}\n",
                data("\"\nä\\", "tokenize", "bytes", "--tokens"));
        assertEquals("{\"ids\":[],\"tokens\":[]}\n", data("", "tokenize", "bytes", "--tokens"));
    }

    @Test
    void everyLineMayBeATextOfItsOwn() {
        assertEquals(
                "{\"ids\":[97]}\n{\"ids\":[]}\n{\"ids\":[98,13]}\n",
                data("a\n\nb\r\n", "tokenize", "bytes", "--lines"));
        assertEquals("", data("", "tokenize", "bytes", "--lines"));
        assertEquals(
                "a\nbc\n",
                data("97\n{\"ids\": [98, 99]}\n", "detokenize", "bytes", "--lines", "--raw"));
    }

    @Test
    void idsBecomeTextInWhateverFormTheyCome() {
        for (String ids :
                new String[] {
                    "72 105",
                    " 72,105\n",
                    "[72, 105]",
                    "{\"ids\":[72,105]}\n",
                    "{\"tokens\": [\"]\\\"}\", {\"a\": [1]}], \"ids\" : [72 , 105], \"n\": 3}"
                }) {
            assertEquals("{\"text\":\"Hi\"}\n", data(ids, "detokenize", "bytes"), ids);
        }
        assertEquals("{\"text\":\"\"}\n", data("", "detokenize", "bytes"));
        assertEquals("{\"text\":\"\"}\n", data("[]", "detokenize", "bytes"));
    }

    @Test
    void rawGivesBackTheBytesThatWereTokenizedWhenTheTokenizerTakesThem() {
        byte[] text =
                "any text, größer\u0000\r\n€ 😀".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Command ids = Command.kiln(folder, text, "tokenize", "bytes");
        Command back = Command.kiln(folder, ids.bytes(), "detokenize", "bytes", "--raw");
        assertArrayEquals(text, back.bytes());
        assertArrayEquals(
                new byte[] {(byte) 0xe2, (byte) 0x82},
                Command.kiln(folder, "226 130", "detokenize", "bytes", "--raw").bytes());
    }

    @Test
    void controlCharactersAndAllOfUnicodeAreValidJson() {
        assertEquals(
                "{\"text\":\"\\u0000\\u001f\\t\\r€😀\u007f\"}\n",
                data("0 31 9 13 226 130 172 240 159 152 128 127", "detokenize", "bytes"));
    }

    @Test
    void whatIsNoListOfIdsIsRefusedWithItsPlace() {
        String head = "kiln: standard input: expected ";
        assertEquals(
                head + "an id, a whole number from 0 on at byte 3, found 'x'\n",
                refusal("72 x", "detokenize", "bytes"));
        assertEquals(
                head + "an id, a whole number from 0 on at byte 1, found '-'\n",
                refusal("[-1]", "detokenize", "bytes"));
        assertEquals(
                head + "an id, a whole number from 0 on at byte 0, found '2'\n",
                refusal("2147483648", "detokenize", "bytes"));
        assertEquals(
                head + "',' or ']' at byte 3, found '.'\n",
                refusal("[72.5]", "detokenize", "bytes"));
        assertEquals(
                head + "',' or ']' at byte 3, found the end\n",
                refusal("[72", "detokenize", "bytes"));
        assertEquals(
                head + "the end at byte 5, found '3'\n", refusal("[72] 3", "detokenize", "bytes"));
        assertEquals(
                head + "\"ids\" at byte 9, found '}'\n",
                refusal("{\"id\":[1]}", "detokenize", "bytes"));
        assertEquals(
                head + "a list of ids at byte 7, found '3'\n",
                refusal("{\"ids\":3}", "detokenize", "bytes"));
        assertEquals(
                head + "an id, a whole number from 0 on at byte 0, found the byte 0xff\n",
                Command.kiln(folder, new byte[] {-1}, "detokenize", "bytes").err());
        assertEquals(
                "kiln: standard input, line 2: there is no token 257; the last is 256\n",
                refusal("1\n257", "detokenize", "bytes", "--lines"));
    }

    @Test
    void bytesThatTheTokenizerDoesNotTakeAreRefused() {
        assertEquals(
                "kiln: standard input: the text is not UTF-8 from byte 1 on\n",
                Command.kiln(folder, new byte[] {'a', -1}, "tokenize", "bytes").err());
    }

    @Test
    void aModelWithoutATokenizerIsRefused() {
        assertEquals(
                "kiln: byte: there is no such folder, nor a tokenizer of this name; did you mean"
                        + " 'bytes'? there are: bytes, learned\n",
                refusal("", "tokenize", "byte"));
        assertEquals(
                "kiln: tokenizer learned: this needs a corpus of text to learn from, and the run"
                        + " has none\n",
                refusal("", "tokenize", "learned"));
        assertEquals(
                "kiln: "
                        + folder
                        + ": has no tokenizer that Kiln reads: expected a run folder with a"
                        + " tokenizer, or a Hugging Face folder with a tokenizer's files\n",
                refusal("", "tokenize", folder.toString()));
        assertEquals(
                "kiln: Missing required parameter: 'MODEL'; see 'kiln detokenize --help'\n",
                refusal("", "detokenize"));
    }
}
