package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.Ops;
import dev.kiln.toolkit.Blueprint;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What every model family keeps, on the oracle: in double precision and slowly, so choose small
 * sizes (two layers, width 16, context 12) with a context of at least 6. Subclass it in a plugin's
 * tests. A failure names the broken clause.
 */
@Experimental
public abstract class ModelFamilyContract implements FactoryClauses {
    private static final int[] IDS = {3, 1, 4, 1, 5, 2};

    /** The family to try, with small sizes. */
    protected abstract ModelFamily family();

    /** Vocabulary of the tokenizer; at least 6. */
    protected int vocabulary() {
        return 23;
    }

    /** The number of parameters that the model should have, from an independent source. */
    protected OptionalLong parameters() {
        return OptionalLong.empty();
    }

    @Test
    void theShapeIsSensible() {
        ModelShape shape = family().shape(vocabulary());
        assertTrue(
                shape.vocabulary() >= vocabulary(),
                "broken clause: a row of the output projection for every token; " + shape);
        assertTrue(
                shape.layers() >= 1 && shape.context() >= 1 && shape.heads() >= 1,
                "broken clause: sizes are at least 1; " + shape);
        assertEquals(
                0,
                shape.attentionWidth() % shape.heads(),
                "broken clause: heads divide the attention's width; " + shape);
    }

    @Test
    void theModelHasTheShapeThatWasSaid() {
        try (Workbench bench = new Workbench()) {
            Model model = family().build(bench.weights(), vocabulary());
            ModelShape shape = family().shape(vocabulary());
            assertEquals(shape, model.shape(), "broken clause: the model has the family's shape");
            assertEquals(
                    Shape.of(shape.vocabulary(), shape.width()),
                    model.outputTable(bench.ops()).shape(),
                    "broken clause: the output table is [vocabulary, width]");
        }
    }

    @Test
    void buildingTwiceGivesTheSameWeights() {
        try (Workbench bench = new Workbench()) {
            List<String> first = names(bench);
            assertFalse(first.isEmpty(), "broken clause: a model has weights");
            assertEquals(
                    first, names(bench), "broken clause: names and shapes are always the same");
        }
    }

    @Test
    void everyLayerHasWeights() {
        ModelFamily family = family();
        Set<String> names = Blueprint.of(family, vocabulary()).parts().keySet();
        Set<Integer> layers =
                names.stream()
                        .flatMapToInt(name -> family.layer(name).stream())
                        .boxed()
                        .collect(Collectors.toSet());
        assertEquals(
                IntStream.range(0, family.shape(vocabulary()).layers())
                        .boxed()
                        .collect(Collectors.toSet()),
                layers,
                "broken clause: layer(weight) finds weights of each layer, and of no other; "
                        + names);
    }

    private List<String> names(Workbench bench) {
        ReferenceWeights weights = bench.weights();
        Model model = family().build(weights, vocabulary());
        assertTrue(
                weights.created().contains(model.outputTable(bench.ops())),
                "broken clause: the output table is one of the weights that build created");
        return weights.created().stream().map(w -> w.name() + w.shape()).toList();
    }

    @Test
    void theParameterCountIsRight() {
        Assumptions.assumeTrue(parameters().isPresent(), "no parameters()");
        try (Workbench bench = new Workbench()) {
            ReferenceWeights weights = bench.weights();
            family().build(weights, vocabulary());
            long count = weights.created().stream().map(Weight::shape).mapToLong(Shape::size).sum();
            assertEquals(parameters().orElseThrow(), count, "broken clause: parameter count");
        }
    }

    @Test
    void hiddenStatesAreBatchTimesPositionsTimesWidth() {
        try (Workbench bench = new Workbench()) {
            Model model = family().build(bench.weights(), vocabulary());
            int context = model.shape().context();
            Tensor hidden = hidden(bench, bench.ops(), model, 0, new int[2][context]);
            assertEquals(
                    Shape.of(2, context, model.shape().width()),
                    hidden.shape(),
                    "broken clause: hidden is [B, T, width], for T up to the context");
            assertTrue(bench.backend().isFinite(hidden), "broken clause: hidden is finite");
        }
    }

    @Test
    void noPositionSeesALaterOne() {
        try (Workbench bench = new Workbench()) {
            Model model = family().build(bench.weights(), vocabulary());
            double[] before = values(bench, model, IDS);
            int width = model.shape().width();
            for (int changed = 0; changed < IDS.length; changed++) {
                int[] other = IDS.clone();
                other[changed] = 0;
                double[] after = values(bench, model, other);
                int split = changed * width;
                assertArrayEquals(
                        Arrays.copyOf(before, split),
                        Arrays.copyOf(after, split),
                        1e-12,
                        "broken clause: causal; positions before " + changed + " saw its id");
                assertFalse(
                        Arrays.equals(
                                Arrays.copyOfRange(before, split, split + width),
                                Arrays.copyOfRange(after, split, split + width)),
                        "broken clause: a position sees its own id; position " + changed);
            }
        }
    }

    @Test
    void sequencesOfABatchStayApart() {
        try (Workbench bench = new Workbench()) {
            Model model = family().build(bench.weights(), vocabulary());
            int[] other = {0, 2, 0, 2, 1, 1};
            Tensor both = hidden(bench, bench.ops(), model, 0, new int[][] {other, IDS});
            double[] values = bench.values(both);
            assertArrayEquals(
                    values(bench, model, IDS),
                    Arrays.copyOfRange(values, values.length / 2, values.length),
                    1e-12,
                    "broken clause: a sequence is the same alone and in a batch");
        }
    }

    @Test
    void aCacheGivesTheSameHiddenStates() {
        try (Workbench bench = new Workbench()) {
            Model model = family().build(bench.weights(), vocabulary());
            double[] whole = values(bench, model, IDS);
            KvCache cache = cache(bench, model.shape());
            Ops ops = ReferenceOps.cached(bench.backend(), bench.scope(), cache);
            int width = model.shape().width();
            int[] prompt = Arrays.copyOf(IDS, 3);
            double[] start = bench.values(hidden(bench, ops, model, 0, new int[][] {prompt}));
            cache.setLength(0, 3);
            String clause = "broken clause: with a cache hidden states are the same, position ";
            assertArrayEquals(Arrays.copyOf(whole, 3 * width), start, 1e-9, clause + "0 to 2");
            for (int at = 3; at < IDS.length; at++) {
                Tensor next = hidden(bench, ops, model, at, new int[][] {{IDS[at]}});
                cache.setLength(0, at + 1);
                assertArrayEquals(
                        Arrays.copyOfRange(whole, at * width, (at + 1) * width),
                        bench.values(next),
                        1e-9,
                        clause + at);
            }
        }
    }

    @Test
    void gradientsReachEveryWeight() {
        try (Workbench bench = new Workbench()) {
            ReferenceWeights weights = bench.weights();
            Model model = family().build(weights, vocabulary());
            Tensor ids = bench.ids(IDS, 1, IDS.length);
            Tensor positions = bench.ids(new int[] {0, 1, 2, 3, 4, 5}, 1, IDS.length);
            Tensor targets = bench.ids(new int[] {1, 4, 1, 5, 2, 0}, IDS.length);
            Tensor ones = bench.filled(1, IDS.length);
            new GradientCheck(
                            bench,
                            ops ->
                                    ops.projectedCrossEntropy(
                                            model.hidden(ops, ids, positions),
                                            model.outputTable(ops),
                                            targets,
                                            ones))
                    .ofWeights(weights.created());
        }
    }

    @Test
    void theHuggingFaceFormHoldsEveryWeightOnce() {
        HuggingFaceModel form = huggingFace();
        Map<String, Blueprint.Part> parts = Blueprint.of(family(), vocabulary()).parts();
        HuggingFaceClauses.everyElementIsHeldOnce(form, parts);
        HuggingFaceClauses.namesAreUnique(form);
        HuggingFaceClauses.copiesAreOfWeights(form, parts);
        HuggingFaceClauses.theConfigSaysWhatItIs(form, family().shape(vocabulary()));
    }

    private HuggingFaceModel huggingFace() {
        try {
            return family().huggingFace(vocabulary());
        } catch (InvalidInput e) {
            return Assumptions.abort("no Hugging Face form: " + e.getMessage());
        }
    }

    private static KvCache cache(Workbench bench, ModelShape shape) {
        return bench.backend()
                .kvCache(
                        bench.scope(),
                        DType.FLOAT32,
                        shape.layers(),
                        1,
                        shape.context(),
                        shape.attentionWidth());
    }

    private static double[] values(Workbench bench, Model model, int[] ids) {
        return bench.values(hidden(bench, bench.ops(), model, 0, new int[][] {ids}));
    }

    /** Sequences of one length whose first position is given. */
    private static Tensor hidden(
            Workbench bench, Ops ops, Model model, int first, int[][] sequences) {
        int length = sequences[0].length;
        int[] ids = Arrays.stream(sequences).flatMapToInt(Arrays::stream).toArray();
        int[] positions = new int[ids.length];
        Arrays.setAll(positions, i -> first + i % length);
        return model.hidden(
                ops,
                bench.ids(ids, sequences.length, length),
                bench.ids(positions, sequences.length, length));
    }
}
