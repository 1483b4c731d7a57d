package dev.kiln.testkit;

import static dev.kiln.spi.model.HuggingFaceTensor.END;

import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.HuggingFaceTensor;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.Weights;
import dev.kiln.testkit.fixtures.TinyDecoder;
import dev.kiln.toolkit.Blueprint;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The clauses on Hugging Face forms find broken ones. */
class SeededHuggingFaceFaultsTest {
    private static final String CLAUSE = "theHuggingFaceFormHoldsEveryWeightOnce";

    @Test
    void aMissingWeightIsFound() {
        Failures.mustName("the tensors hold the model's weights", Missing.class, CLAUSE);
    }

    @Test
    void overlappingColumnsAreFound() {
        Failures.mustName("no gap, no overlap in wte.weight", Overlapping.class, CLAUSE);
    }

    @Test
    void missingColumnsAreFound() {
        Failures.mustName("all columns of wte.weight", Short.class, CLAUSE);
    }

    @Test
    void twoTensorsOfOneNameAreFound() {
        Failures.mustName("unique names", Doubled.class, CLAUSE);
    }

    static class Missing extends OfADecoder {
        Missing() {
            super(tensors -> tensors.subList(1, tensors.size()));
        }
    }

    static class Overlapping extends OfADecoder {
        Overlapping() {
            super(tensors -> first(tensors, part("a", 0, 5), part("b", 4, END)));
        }
    }

    static class Short extends OfADecoder {
        Short() {
            super(tensors -> first(tensors, part("a", 0, 5)));
        }
    }

    static class Doubled extends OfADecoder {
        Doubled() {
            super(tensors -> first(tensors, part("a", 0, 5), part("a", 5, END)));
        }
    }

    private static HuggingFaceTensor part(String name, int from, int to) {
        return new HuggingFaceTensor(name, "wte.weight", from, to, false, 1);
    }

    private static List<HuggingFaceTensor> first(
            List<HuggingFaceTensor> tensors, HuggingFaceTensor... instead) {
        return Stream.concat(Stream.of(instead), tensors.stream().skip(1)).toList();
    }

    /** A decoder with a form whose tensors were tampered with. */
    abstract static class OfADecoder extends ModelFamilyContract {
        private final UnaryOperator<List<HuggingFaceTensor>> fault;

        OfADecoder(UnaryOperator<List<HuggingFaceTensor>> fault) {
            this.fault = fault;
        }

        @Override
        protected ModelFamily family() {
            return new WithForm(new TinyDecoder(12, 0, 0.1), fault);
        }
    }

    private record WithForm(ModelFamily family, UnaryOperator<List<HuggingFaceTensor>> fault)
            implements ModelFamily {
        @Override
        public ModelShape shape(int vocabulary) {
            return family.shape(vocabulary);
        }

        @Override
        public Model build(Weights weights, int vocabulary) {
            return family.build(weights, vocabulary);
        }

        @Override
        public HuggingFaceModel huggingFace(int vocabulary) {
            List<HuggingFaceTensor> right =
                    Blueprint.of(family, vocabulary).parts().keySet().stream()
                            .map(name -> HuggingFaceTensor.of(name, name))
                            .toList();
            return new HuggingFaceModel(
                    Map.of(
                            "model_type",
                            "tiny",
                            "architectures",
                            List.of("Tiny"),
                            "vocab_size",
                            vocabulary),
                    "",
                    fault.apply(right),
                    List.of(),
                    List.of());
        }
    }
}
