package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every tokenizer keeps. Subclass it in a plugin's tests. Texts are of many scripts, with
 * emoji, control characters, line ends and random characters. A failure names the broken clause and
 * the text.
 */
@Experimental
public abstract class TokenizerContract implements FactoryClauses {

    /** The tokenizer to try; may be the same one at every call. */
    protected abstract Tokenizer tokenizer();

    /** The factory that loads what the tokenizer saves. */
    protected abstract TokenizerFactory<?> factory();

    /** Whether the vocabulary has every symbol of a text; all others must be refused. */
    protected boolean accepts(String text) {
        return true;
    }

    /** The texts to try; the empty one is tried anyway. */
    protected List<String> texts() {
        return SampleTexts.all();
    }

    @Test
    void idsAreInRange() {
        int size = tokenizer().vocabularySize();
        assertTrue(size >= 1, "broken clause: at least one id, got " + size);
        for (String text : accepted()) {
            for (int id : tokenizer().encode(text)) {
                assertTrue(
                        id >= 0 && id < size,
                        "broken clause: every id is in [0, " + size + "); got " + id + of(text));
            }
        }
    }

    @Test
    void aTextGivenAsUtf8HasTheSameIds() {
        for (String text : accepted()) {
            assertArrayEquals(
                    tokenizer().encode(text),
                    tokenizer().encodeBytes(text.getBytes(StandardCharsets.UTF_8)),
                    "broken clause: encodeBytes of UTF-8 is encode" + of(text));
        }
    }

    @Test
    void losslessIsSaidWhereItIs() {
        Predicate<String> restored =
                text -> tokenizer().decode(tokenizer().encode(text)).equals(text);
        if (tokenizer().lossless()) {
            for (String text : accepted()) {
                assertEquals(
                        text,
                        tokenizer().decode(tokenizer().encode(text)),
                        "broken clause: a lossless tokenizer gives the text back");
            }
        } else {
            assertFalse(
                    accepted().stream().allMatch(restored),
                    "broken clause: lossless() is true where every text comes back");
        }
    }

    @Test
    void textOutsideTheVocabularyIsInvalidInput() {
        for (String text : texts()) {
            if (!accepts(text)) {
                assertThrows(
                        InvalidInput.class,
                        () -> tokenizer().encode(text),
                        "broken clause: a symbol that the vocabulary lacks is refused" + of(text));
            }
        }
    }

    @Test
    void bytesOfTheWholeAreThoseOfThePieces() {
        for (String text : accepted()) {
            int[] ids = tokenizer().encode(text);
            ByteArrayOutputStream pieces = new ByteArrayOutputStream();
            for (int id : ids) {
                pieces.writeBytes(tokenizer().decodeBytes(id));
            }
            assertArrayEquals(
                    tokenizer().decodeBytes(ids),
                    pieces.toByteArray(),
                    "broken clause: each id stands for its bytes, wherever it is" + of(text));
        }
    }

    @Test
    void everyIdStandsForBytes() {
        int size = tokenizer().vocabularySize();
        int stride = 1 + size / 5000;
        for (int id = 0; id < size; id += stride) {
            String bytes = new String(tokenizer().decodeBytes(id), StandardCharsets.UTF_8);
            String text = tokenizer().decode(id);
            assertTrue(
                    bytes.equals(text) || bytes.equals(text + ' '),
                    "broken clause: decode is decodeBytes as UTF-8, perhaps without a space that"
                            + " only ends the last word; id "
                            + id);
        }
    }

    @Test
    void anIdOutOfRangeIsInvalidInput() {
        for (int id : new int[] {-1, tokenizer().vocabularySize(), Integer.MAX_VALUE}) {
            assertThrows(
                    InvalidInput.class,
                    () -> tokenizer().decodeBytes(0, id),
                    "broken clause: id " + id + " is out of range and refused");
        }
    }

    @Test
    void noTextIsNoIds() {
        assertArrayEquals(new int[0], tokenizer().encode(""), "broken clause: no text, no ids");
        assertEquals("", tokenizer().decode(), "broken clause: no ids, no text");
    }

    @Test
    void textThatLooksSpecialIsPlainText() {
        int end = tokenizer().endOfText().orElse(-1);
        for (String text : SampleTexts.SPECIAL) {
            if (accepts(text)) {
                assertTrue(
                        Arrays.stream(tokenizer().encode(text)).noneMatch(id -> id == end),
                        "broken clause: special-looking text is encoded as plain text" + of(text));
            }
        }
    }

    @Test
    void endOfTextStandsForNothing() {
        tokenizer()
                .endOfText()
                .ifPresent(
                        end -> {
                            assertTrue(
                                    end >= 0 && end < tokenizer().vocabularySize(),
                                    "broken clause: endOfText is in range, got " + end);
                            assertEquals(
                                    "",
                                    tokenizer().decode(end),
                                    "broken clause: endOfText decodes to nothing");
                        });
    }

    @Test
    void spelledOutASpecialTokenIsThatToken() {
        Tokenizer special = tokenizer().withSpecialTokens();
        String clause = "broken clause: withSpecialTokens has the same vocabulary";
        assertEquals(tokenizer().vocabularySize(), special.vocabularySize(), clause);
        assertEquals(tokenizer().endOfText(), special.endOfText(), clause);
        tokenizer()
                .endOfText()
                .ifPresent(
                        end -> {
                            String spelling = special.decode(end);
                            int[] ids = spelling.isEmpty() ? new int[0] : new int[] {end};
                            assertArrayEquals(
                                    ids,
                                    special.encode(spelling),
                                    "broken clause: what withSpecialTokens decodes endOfText to is"
                                            + " encoded as it"
                                            + of(spelling));
                        });
    }

    @Test
    void whatIsSavedIsLoadedTheSame(@TempDir Path folder) throws Exception {
        tokenizer().save(folder);
        Tokenizer loaded = factory().load(folder);
        String clause = "broken clause: load reads what save wrote";
        assertEquals(tokenizer().vocabularySize(), loaded.vocabularySize(), clause);
        assertEquals(tokenizer().lossless(), loaded.lossless(), clause);
        assertEquals(tokenizer().beginningOfText(), loaded.beginningOfText(), clause);
        assertEquals(tokenizer().endOfText(), loaded.endOfText(), clause);
        for (String text : accepted()) {
            assertArrayEquals(tokenizer().encode(text), loaded.encode(text), clause + of(text));
        }
    }

    @Test
    void loadingFromAnEmptyFolderIsInvalidInput(@TempDir Path folder) {
        assertThrows(
                InvalidInput.class,
                () -> factory().load(folder),
                "broken clause: a missing file is InvalidInput");
    }

    @Test
    void threadsGetTheSameIds() throws Exception {
        Tokenizer tokenizer = tokenizer();
        List<int[]> alone = accepted().stream().map(tokenizer::encode).toList();
        var all = Concurrently.call(() -> accepted().stream().map(tokenizer::encode).toList());
        for (List<int[]> each : all) {
            for (int i = 0; i < alone.size(); i++) {
                assertArrayEquals(alone.get(i), each.get(i), "broken clause: thread-safe");
            }
        }
    }

    @Test
    void costFollowsTheLengthOfTheText() {
        Tokenizer tokenizer = tokenizer();
        String all = String.join(" ", accepted());
        String text =
                all.substring(
                        0,
                        all.offsetByCodePoints(
                                0, Math.min(4000, all.codePointCount(0, all.length()))));
        Growth.linear(
                "cost follows the length of the text",
                1,
                8,
                times -> tokenizer.decode(tokenizer.encode(text.repeat(times))));
    }

    private List<String> accepted() {
        return texts().stream().filter(this::accepts).toList();
    }

    private static String of(String text) {
        return " for \"" + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + '"';
    }
}
