package dev.kiln.plugins.wordnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class EntryTest {
    @Test
    void aLineBecomesADocument() {
        String line =
                "00012345 29 v 02 fire_up 0 kindle 1 001 @ 00054321 v 0000 01 + 08 00 | heat a"
                        + " kiln; \"he fired up | at dawn\"  ";
        assertEquals(
                "fire up (verb): heat a kiln; \"he fired up | at dawn\"",
                Entry.parse(line, PartOfSpeech.VERB).document());
    }

    @Test
    void markersOfAdjectivesAreNoPartOfTheWord() {
        for (String marker : new String[] {"(p)", "(a)", "(ip)", ""}) {
            String line = "00012345 00 s 01 well_fired" + marker + " 0 000 | hard  ";
            assertEquals(
                    "well fired (adjective):", Entry.parse(line, PartOfSpeech.ADJECTIVE).prompt());
        }
        String line = "00012345 06 n 01 bar(b) 0 000 | a line  ";
        assertEquals("bar(b)", Entry.parse(line, PartOfSpeech.NOUN).headword());
    }

    @Test
    void aLineOfAnotherFormatIsRefused() {
        for (String line : new String[] {"", "one", "00012345 06 n 01 kiln 0 000", "a b c d e"}) {
            assertThrows(
                    IllegalArgumentException.class, () -> Entry.parse(line, PartOfSpeech.NOUN));
        }
    }
}
