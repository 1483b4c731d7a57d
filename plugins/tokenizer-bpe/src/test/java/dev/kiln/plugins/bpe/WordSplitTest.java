package dev.kiln.plugins.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WordSplitTest {
    /** GPT-2's pattern, as in its released code. */
    private static final Pattern GPT2 =
            Pattern.compile(
                    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+"
                            + "|\\s+(?!\\S)|\\s+",
                    Pattern.UNICODE_CHARACTER_CLASS);

    private static final String SYMBOLS =
            "'''''strevmldSab   \t\n\r\u0085\u00a0\u2003\u2028\u3000\u200b12½٣é字ひ!?.-_\ud83c\udf75"
                    + "\ud835\udd18\u0301";

    @Test
    void aRandomTextIsSplitAsGpt2sPatternSplitsIt() {
        int[] symbols = SYMBOLS.codePoints().toArray();
        for (int seed = 0; seed < 3000; seed++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                long choice = Randomness.below(Randomness.key(seed), i, symbols.length);
                text.appendCodePoint(symbols[(int) choice]);
            }
            assertEquals(byPattern(text.toString()), byScanner(text.toString()));
        }
    }

    @Test
    void everyCodePointIsOfTheKindThatThePatternGivesIt() {
        for (int symbol = 0; symbol <= Character.MAX_CODE_POINT; symbol++) {
            boolean surrogate =
                    symbol >= Character.MIN_SURROGATE && symbol <= Character.MAX_SURROGATE;
            if (!surrogate) {
                String text = "a" + Character.toString(symbol) + "1";
                assertEquals(byPattern(text), byScanner(text), "U+" + Integer.toHexString(symbol));
            }
        }
    }

    /** gpt2-kinds.txt is what tiktoken's pattern says; another JDK's Unicode may say otherwise. */
    @Test
    void everyCodePointIsOfTheKindThatTiktokenGivesIt() throws IOException {
        for (String line : Files.readAllLines(Fixture.path("gpt2-kinds.txt"))) {
            String[] range = line.split(" ");
            int last = Integer.parseInt(range[1], 16);
            for (int symbol = Integer.parseInt(range[0], 16); symbol <= last; symbol++) {
                String one = Character.toString(symbol);
                assertEquals(range[2], kind(one), "U+" + Integer.toHexString(symbol));
            }
        }
    }

    /** Which of a letter, a number, a space and a sign a symbol makes one word with. */
    private static String kind(String symbol) {
        return joins("a", symbol)
                ? "letter"
                : joins("1", symbol)
                        ? "number"
                        : joins("!", symbol) ? "other" : joins("\t", symbol) ? "space" : "none";
    }

    private static boolean joins(String one, String symbol) {
        byte[] both = Utf8.bytes(one + symbol);
        return WordSplit.end(both, 0, both.length) == both.length;
    }

    @Test
    void aWordOfTenMillionLettersIsOneWord() {
        String text = "ab".repeat(5_000_000);
        assertEquals(text.length(), WordSplit.end(Utf8.bytes(text), 0, text.length()));
    }

    private static List<String> byPattern(String text) {
        Matcher matcher = GPT2.matcher(text);
        List<String> words = new ArrayList<>();
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    private static List<String> byScanner(String text) {
        List<String> words = new ArrayList<>();
        ByteLevelTraining.split(text, words::add);
        return words;
    }
}
