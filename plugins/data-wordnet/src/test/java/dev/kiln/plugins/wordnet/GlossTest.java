package dev.kiln.plugins.wordnet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class GlossTest {
    @Test
    void theFirstExampleEndsTheDefinition() {
        Gloss fired = new Gloss("bake; harden", Optional.of("she fired the pots"));
        for (String gloss :
                new String[] {
                    "bake; harden; \"she fired the pots\"; \"fire tiles\"",
                    "bake; harden: \"she fired the pots\"- Leach"
                }) {
            assertEquals(fired, Gloss.parse(gloss));
        }
    }

    @Test
    void quotesWithinADefinitionAreNoExample() {
        for (String gloss : new String[] {"a call (as in \"fire\")", "an \"oven\"; old", "a; b"}) {
            assertEquals(new Gloss(gloss, Optional.empty()), Gloss.parse(gloss));
        }
    }
}
