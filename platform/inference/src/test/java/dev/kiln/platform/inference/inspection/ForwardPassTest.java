package dev.kiln.platform.inference.inspection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.models.InvalidScore;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.Ops;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.TinyHead;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A model whose states can be worked out in the head: every block doubles, the end triples. */
class ForwardPassTest {
    private static final int VOCABULARY = 2_097; // with 2^21 elements a piece: 1,000 rows and more
    private static final int CONTEXT = 600;

    private final ReferenceBackend backend = new ReferenceBackend();
    private final Scope scope = backend.scope();
    private final Weight table =
            new Parameters(backend, scope, 1, false)
                    .create("table", Shape.of(VOCABULARY, 2), new Init.Normal(1));
    private final float[] embeddings = backend.floats(table.value());

    @AfterEach
    void close() {
        scope.close();
        backend.close();
    }

    private record Doubling(Weight table, int layers, int blocks) implements Model {
        @Override
        public ModelShape shape() {
            return new ModelShape(VOCABULARY, CONTEXT, layers, 1, 2);
        }

        @Override
        public Tensor hidden(Ops ops, Tensor ids, Tensor positions) {
            Tensor x = ops.embedding(table, ids);
            for (int i = 0; i < blocks; i++) {
                x = ops.block(x, y -> ops.add(ops.block(y, z -> ops.scale(z, 1)), y));
            }
            return ops.scale(x, 3);
        }

        @Override
        public Weight outputTable(Ops ops) {
            return table;
        }
    }

    private LanguageModel model(int layers, int blocks) {
        Model model = new Doubling(table, layers, blocks);
        return new LanguageModel(
                backend,
                Precision.FLOAT32,
                model,
                new TinyHead().attach(new Parameters(backend, scope, 1, false), model),
                new ByteTokenizer(),
                new Layouts());
    }

    @Test
    void aLogitThatIsNoNumberIsNamedHoweverItIsAskedFor() {
        float[] broken = embeddings.clone();
        broken[2 * 7] = Float.NaN;
        backend.upload(table.value(), broken);
        String line =
                "prompt 1: after 1 tokens the model's logit of token 7 is NaN; expected a number";
        try (ForwardPass pass = ForwardPass.of(model(1, 1), new int[] {1, 2, 3})) {
            for (Executable asked :
                    List.<Executable>of(
                            pass::logits, () -> pass.logitsInPieces().forEach(_ -> {}))) {
                assertEquals(line, assertThrows(InvalidScore.class, asked).getMessage());
            }
            assertEquals(
                    line.replace("after 1", "after 3"),
                    assertThrows(InvalidScore.class, () -> pass.next(0)).getMessage());
        }
    }

    @Test
    void ofSeveralSequencesTheOneIsNamed() {
        float[] broken = embeddings.clone();
        Arrays.fill(broken, 2, 4, 1e20f); // finite in all products but that of token 1 by itself
        backend.upload(table.value(), broken);
        int[][] ids = {{2, 3, 4}, {3, 2, 1}};
        try (ForwardPass pass = ForwardPass.of(model(1, 1), ids)) {
            assertEquals(
                    "prompt 2: after 3 tokens the model's logit of token 1 is Infinity; expected a"
                            + " number",
                    assertThrows(InvalidScore.class, pass::logits).getMessage());
        }
    }

    private float[] embedded(float factor, int... ids) {
        float[] expected = new float[2 * ids.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = factor * embeddings[2 * ids[i / 2] + i % 2];
        }
        return expected;
    }

    @Test
    void statesAreTheEmbeddingsThenEveryBlocksOutputTheLastBehindTheEnd() {
        try (ForwardPass pass =
                ForwardPass.of(model(2, 2), new int[] {5, 0, 9}, new int[] {7, 7, 1})) {
            assertEquals(3, pass.states());
            assertEquals(Shape.of(2, 3, 2), pass.stateShape());
            assertArrayEquals(embedded(1, 5, 0, 9, 7, 7, 1), pass.state(0));
            assertArrayEquals(embedded(2, 5, 0, 9, 7, 7, 1), pass.state(1));
            assertArrayEquals(embedded(12, 5, 0, 9, 7, 7, 1), pass.state(2), 1e-5f);
        }
    }

    @Test
    void logitsAreTheLastStateTimesTheTableWhateverThePieces() {
        int[] a = new int[CONTEXT];
        int[] b = new int[CONTEXT];
        Arrays.setAll(a, i -> i * 31 % VOCABULARY);
        Arrays.setAll(b, i -> i * 17 % VOCABULARY);
        try (ForwardPass pass = ForwardPass.of(model(1, 1), a, b)) {
            int pieces = 0;
            for (MemorySegment piece : pass.logitsInPieces()) {
                assertTrue(piece.byteSize() <= 4L << 21);
                pieces++;
            }
            assertEquals(2, pieces);
            float[] logits = pass.logits();
            float[] hidden = pass.state(1);
            assertEquals(2 * CONTEXT * VOCABULARY, logits.length);
            for (int row = 0; row < 2 * CONTEXT; row += 97) {
                for (int id = 0; id < VOCABULARY; id += 101) {
                    float expected =
                            hidden[2 * row] * embeddings[2 * id]
                                    + hidden[2 * row + 1] * embeddings[2 * id + 1];
                    assertEquals(expected, logits[row * VOCABULARY + id], 1e-4f);
                }
            }
            int end = CONTEXT * VOCABULARY;
            assertArrayEquals(Arrays.copyOfRange(logits, end - VOCABULARY, end), pass.next(0));
            assertArrayEquals(
                    Arrays.copyOfRange(logits, 2 * end - VOCABULARY, 2 * end), pass.next(1));
        }
    }

    @Test
    void inputThatDoesNotFitTheModelIsRefused() {
        assertEquals("the input is empty: expected one token or more", refusal(2, new int[0]));
        assertEquals(
                "the input has 601 tokens, the model's context holds 600",
                refusal(2, new int[CONTEXT + 1]));
        assertEquals(
                "id 2097 at place 1: expected 0 to 2096, the ids of the model's vocabulary",
                refusal(2, 3, VOCABULARY));
        assertEquals(
                "id -1 at place 0: expected 0 to 2096, the ids of the model's vocabulary",
                refusal(2, -1));
        assertEquals(
                "the model ran 1 blocks for its 2 layers, so its hidden states can't be told",
                refusal(1, 3));
    }

    private String refusal(int blocks, int... ids) {
        return assertThrows(InvalidInput.class, () -> ForwardPass.of(model(2, blocks), ids))
                .getMessage();
    }
}
