package dev.kiln.testkit;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.ByteTokenizerFactory;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;

/** Extensions that keep their contracts pass them. */
class ExampleContractsTest {
    @Nested
    class OfAPattern extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return Examples.ALTERNATING;
        }
    }

    @Nested
    class OfANormPlacement extends NormPlacementContract {
        @Override
        protected NormPlacement placement() {
            return new Examples.Sandwich();
        }
    }

    @Nested
    class OfATokenizer extends TokenizerContract {
        @Override
        protected Tokenizer tokenizer() {
            return new ByteTokenizer();
        }

        @Override
        protected TokenizerFactory<?> factory() {
            return new ByteTokenizerFactory();
        }
    }

    @Nested
    class OfAHead extends TaskHeadContract {
        @Override
        protected TaskHead head() {
            return new Examples.Classifier();
        }
    }

    @Nested
    class OfAModelFamily extends ModelFamilyContract {
        @Override
        protected ModelFamily family() {
            return new Examples.SmallDecoder();
        }

        /**
         * Embeddings (23 + 8) 10, and three blocks of four norms 20 each, c_attn 330, c_proj 110,
         * c_fc 440, c_proj 410, and the last norm 20.
         */
        @Override
        protected OptionalLong parameters() {
            return OptionalLong.of(310 + 3 * (80 + 330 + 110 + 440 + 410) + 20);
        }
    }
}
