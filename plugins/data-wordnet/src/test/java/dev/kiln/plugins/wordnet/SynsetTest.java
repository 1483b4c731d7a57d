package dev.kiln.plugins.wordnet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SynsetTest {
    @Test
    void aLineHasWordsAndWhatIsAbove() {
        Synset kiln =
                Synset.parse(
                        "00012345 06 n 0a Kiln 0 oast 1 c 0 d 0 e 0 f 0 g 0 h 0 i 0 bottle_oven 0"
                                + " 004 @ 00000001 n 0000 ~ 00000002 n 0000 @i 00000003 n 0000"
                                + " + 00000004 v 0101 | an oven; \"a hot kiln\"  ",
                        PartOfSpeech.NOUN);
        assertEquals("00012345-noun", kiln.id());
        assertEquals(Category.NOUN_ARTIFACT, kiln.category());
        assertEquals(
                Set.of("kiln", "oast", "c", "d", "e", "f", "g", "h", "i", "bottle oven"),
                kiln.words());
        assertEquals(Optional.of("oast"), kiln.synonym());
        assertEquals(List.of("00000001-noun"), kiln.kinds());
        assertEquals(List.of("00000003-noun"), kiln.classes());
        assertEquals("Kiln (noun): an oven", kiln.defined());
    }

    /** Verbs have frames behind the pointers. */
    @Test
    void framesAreNoPointers() {
        Synset fire =
                Synset.parse(
                        "00012345 30 v 01 fire 0 001 @ 00000001 v 0000 02 + 08 00 + 11 00 | bake",
                        PartOfSpeech.VERB);
        assertEquals(Optional.empty(), fire.synonym());
        assertEquals(List.of("00000001-verb"), fire.kinds());
    }

    @Test
    void noHypernymIsMissing() {
        Lexicon lexicon = Lexicon.read();
        for (Synset synset : lexicon.where(_ -> true)) {
            lexicon.isA(synset, "");
        }
    }
}
