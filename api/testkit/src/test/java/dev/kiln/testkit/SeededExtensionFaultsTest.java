package dev.kiln.testkit;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.Weights;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.ByteTokenizerFactory;
import dev.kiln.testkit.fixtures.TinyDecoder;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Broken extensions fail their contract, and the failure names the clause. */
class SeededExtensionFaultsTest {

    static class SeesTheFuture extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return (layer, queries, keys) -> new Causal(queries, keys + 1);
        }
    }

    @Test
    void aPatternThatSeesTheFutureIsFound() {
        Failures.mustName("no row sees the future", SeesTheFuture.class);
    }

    static class DependsOnQueries extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return (layer, queries, keys) -> new Banded(queries, keys, queries + 1);
        }
    }

    @Test
    void aPatternThatIsAnotherWithACacheIsFound() {
        Failures.mustName("a row doesn't depend on queries", DependsOnQueries.class);
    }

    static class TakesAnyLayer extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return (layer, queries, keys) -> new Causal(queries, keys);
        }
    }

    @Test
    void aPatternThatTakesALayerBelowZeroIsFound() {
        Failures.mustName("an argument out of range throws", TakesAnyLayer.class);
    }

    static class LossyButSaysLossless extends TokenizerContract {
        @Override
        protected Tokenizer tokenizer() {
            return new FaultyTokenizer(
                    text -> FaultyTokenizer.BYTES.encode(text.toLowerCase(Locale.ROOT)));
        }

        @Override
        protected TokenizerFactory<?> factory() {
            return new ByteTokenizerFactory();
        }
    }

    @Test
    void aTokenizerThatIsLossyButSaysLosslessIsFound() {
        Failures.mustName("a lossless tokenizer gives the text back", LossyButSaysLossless.class);
        Failures.mustName("load reads what save wrote", LossyButSaysLossless.class);
    }

    static class SpecialFromText extends LossyButSaysLossless {
        @Override
        protected Tokenizer tokenizer() {
            return new FaultyTokenizer(
                    text ->
                            text.equals("<|endoftext|>")
                                    ? new int[] {ByteTokenizer.END_OF_TEXT}
                                    : FaultyTokenizer.BYTES.encode(text));
        }
    }

    @Test
    void aTokenizerThatTakesTextForASpecialTokenIsFound() {
        Failures.mustName("special-looking text is encoded as plain text", SpecialFromText.class);
    }

    static class SpelledButNotFound extends LossyButSaysLossless {
        @Override
        protected Tokenizer tokenizer() {
            return new FaultyTokenizer(FaultyTokenizer.BYTES::encode) {
                @Override
                public Tokenizer withSpecialTokens() {
                    return new FaultyTokenizer(FaultyTokenizer.BYTES::encode) {
                        @Override
                        public String decode(int... ids) {
                            return "<|endoftext|>";
                        }
                    };
                }
            };
        }
    }

    @Test
    void aTokenizerThatSpellsASpecialTokenButDoesNotTakeItIsFound() {
        Failures.mustName(
                "what withSpecialTokens decodes endOfText to is encoded as it",
                SpelledButNotFound.class);
    }

    static class WithoutResidual extends NormPlacementContract {
        @Override
        protected NormPlacement placement() {
            return new NormPlacement() {
                @Override
                public Tensor apply(
                        Ops ops,
                        Tensor x,
                        List<UnaryOperator<Tensor>> norms,
                        UnaryOperator<Tensor> sublayer) {
                    return sublayer.apply(norms.getFirst().apply(x));
                }

                @Override
                public boolean finalNorm() {
                    return false;
                }
            };
        }
    }

    @Test
    void aPlacementWithoutAResidualIsFound() {
        Failures.mustName("the residual carries x", WithoutResidual.class);
    }

    static class ReadsAllStates extends TaskHeadContract {
        @Override
        protected TaskHead head() {
            return (weights, model) ->
                    new FaultyHead(weights, model) {
                        @Override
                        public Tensor scores(Ops ops, Tensor hidden, HeadRows rows) {
                            return super.scores(ops, hidden, HeadRows.ALL);
                        }
                    };
        }
    }

    @Test
    void aHeadThatReadsAllStatesIsFound() {
        Failures.mustName("an example reads the states of its rows", ReadsAllStates.class);
    }

    @Test
    void aHeadWhoseLossIsNotTheCrossEntropyIsFound() {
        Failures.mustName("loss = weight", WrongLoss.class);
    }

    static class WrongLoss extends TaskHeadContract {
        @Override
        protected TaskHead head() {
            return (weights, model) ->
                    new FaultyHead(weights, model) {
                        @Override
                        public Tensor losses(Ops ops, Tensor hidden, HeadInput input) {
                            return ops.scale(super.losses(ops, hidden, input), 0.5);
                        }
                    };
        }
    }

    static class WithoutLayers extends ModelFamilyContract {
        @Override
        protected ModelFamily family() {
            ModelFamily tiny = new TinyDecoder(12, 0, 0.3);
            return new ModelFamily() {
                @Override
                public ModelShape shape(int vocabulary) {
                    return tiny.shape(vocabulary);
                }

                @Override
                public Model build(Weights weights, int vocabulary) {
                    return tiny.build(weights, vocabulary);
                }

                @Override
                public OptionalInt layer(String weight) {
                    return OptionalInt.empty();
                }
            };
        }
    }

    @Test
    void aFamilyWhoseWeightsAreOfNoLayerIsFound() {
        Failures.mustName("layer(weight) finds weights of each layer", WithoutLayers.class);
    }

    /** Each state plus that of the position that its id is the number of, be it a later one. */
    static class LooksAhead extends ModelFamilyContract {
        @Override
        protected ModelFamily family() {
            return new FaultyModel(
                    (ops, x, ids, positions) ->
                            ops.add(ops.gather(x, positions), ops.gather(x, ids)));
        }
    }

    @Test
    void aModelThatLooksAheadIsFound() {
        Failures.mustName("causal", LooksAhead.class);
    }
}
