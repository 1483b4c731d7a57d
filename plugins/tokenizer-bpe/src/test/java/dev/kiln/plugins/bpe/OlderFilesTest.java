package dev.kiln.plugins.bpe;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OlderFilesTest {
    /** Spelled with what JSON escapes and with more than one byte. */
    private static final BpeTables TABLES =
            new BpeTables(
                    List.of("\"", "\u0120", "\u0120\""),
                    new Merges(List.of(new Merge(1, 0, 2))),
                    List.of());

    @TempDir private Path folder;

    private boolean isVocabulary(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("vocab.json"), json);
        return OlderFiles.isVocabulary(file, TABLES.spellings());
    }

    private boolean isMerges(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("merges.txt"), text);
        return OlderFiles.isMerges(file, TABLES);
    }

    @Test
    void whatKilnAndOthersWriteIsTheSame() throws IOException {
        VocabJson.write(folder, TABLES);
        MergesTxt.write(folder, TABLES);
        assertTrue(OlderFiles.isVocabulary(folder.resolve("vocab.json"), TABLES.spellings()));
        assertTrue(OlderFiles.isMerges(folder.resolve("merges.txt"), TABLES));
        assertTrue(isVocabulary("{\"\\u0120\\\"\": 2,\n \"\\u0120\": 1, \"\\\"\": 0}\n"));
        assertTrue(isMerges("\u0120 \"\n"));
    }

    @Test
    void anotherVocabularyIsNot() throws IOException {
        assertFalse(isVocabulary("{\"\\\"\": 0, \"\u0120\": 1}"));
        assertFalse(isVocabulary("{\"\\\"\": 1, \"\u0120\": 0, \"\u0120\\\"\": 2}"));
        assertFalse(isVocabulary("{\"\\\"\": 0, \"\\\"\": 0, \"\u0120\": 1}"));
        assertFalse(isVocabulary("{\"\\\"\": 0, \"\u0120\": 1, \"\u0120\\\"\": 2"));
        assertFalse(isVocabulary("{\"\\\"\": 0, \"\u0120\": 1, \"\u0120\\\"\": 2} {}"));
        assertFalse(isVocabulary("{\"\\\"\": 0, \"\u0120\": 1, \"\u0120\\\"\": 4294967298}"));
        assertFalse(isVocabulary("[]"));
    }

    @Test
    void otherMergesAreNot() throws IOException {
        assertFalse(isMerges("#version: 0.2\n"));
        assertFalse(isMerges("#version: 0.2"));
        assertFalse(isMerges("\" \u0120\n"));
        assertFalse(isMerges("\u0120 \"\n\u0120 \"\n"));
        assertFalse(isMerges("\u0120 \""));
    }
}
