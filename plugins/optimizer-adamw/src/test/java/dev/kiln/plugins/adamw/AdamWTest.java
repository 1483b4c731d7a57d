package dev.kiln.plugins.adamw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.testkit.ReferenceBackend;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The numbers are PyTorch's, made by src/test/python/make_fixture.py. */
class AdamWTest {
    private static final AdamWOptions OPTIONS =
            new AdamWOptions(0.9, 0.95, 1e-8, 0.1, MomentType.FLOAT32);

    private final ReferenceBackend backend = new ReferenceBackend();
    private final Scope scope = backend.scope();
    private final Weight matrix = backend.weight(scope, "matrix", Shape.of(2, 3), true);
    private final Weight bias = backend.weight(scope, "bias", Shape.of(3), true);
    private final Map<String, float[]> numbers = new HashMap<>();
    private Optimizer.Attached optimizer;

    @BeforeEach
    void attach() throws IOException, URISyntaxException {
        Path fixture = Path.of(AdamWTest.class.getResource("/pytorch-adamw.txt").toURI());
        for (String line : Files.readAllLines(fixture)) {
            String[] words = line.split(" ");
            float[] values = new float[words.length - 2];
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.parseFloat(words[i + 2]);
            }
            numbers.put(words[0] + " " + words[1], values);
        }
        backend.upload(matrix.value(), numbers.get("0 matrix"));
        backend.upload(bias.value(), numbers.get("0 bias"));
        optimizer = new AdamW(OPTIONS).attach(backend, scope, List.of(bias, matrix));
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void tenStepsGiveTheNumbersOfPyTorch() {
        for (int step = 1; step <= 10; step++) {
            backend.upload(matrix.gradient(), numbers.get(step + " matrix.gradient"));
            backend.upload(bias.gradient(), numbers.get(step + " bias.gradient"));
            optimizer.update(step, 0.01 * step, 1.0 / step);
            assertClose(step + " matrix", matrix.value());
            assertClose(step + " bias", bias.value());
            for (Map.Entry<String, Tensor> state : optimizer.state().entrySet()) {
                assertClose(step + " " + state.getKey(), state.getValue());
            }
        }
    }

    @Test
    void gradientsAreLeftAsTheyAre() {
        float[] gradient = numbers.get("1 matrix.gradient");
        backend.upload(matrix.gradient(), gradient);
        optimizer.update(1, 0.01, 0.5);
        assertEquals(Arrays.toString(gradient), Arrays.toString(backend.floats(matrix.gradient())));
    }

    @Test
    void theStateIsTwoMomentsAWeightUnderItsName() {
        assertEquals(
                Set.of("matrix.exp_avg", "matrix.exp_avg_sq", "bias.exp_avg", "bias.exp_avg_sq"),
                optimizer.state().keySet());
        assertEquals(Shape.of(2, 3), optimizer.state().get("matrix.exp_avg_sq").shape());
    }

    @Test
    void aModelWithoutVectorsOrWithoutMatricesIsUpdatedToo() {
        for (Weight weight : List.of(matrix, bias)) {
            Optimizer.Attached alone = new AdamW(OPTIONS).attach(backend, scope, List.of(weight));
            backend.fill(weight.gradient(), 1);
            float before = backend.floats(weight.value())[0];
            alone.update(1, 0.01, 1);
            double decay = weight == matrix ? 1 - 0.01 * 0.1 : 1;
            // At the first step the bias-corrected moments are g and g², so the update is the rate.
            assertEquals(before * decay - 0.01, backend.floats(weight.value())[0], 1e-6);
        }
    }

    private void assertClose(String name, Tensor actual) {
        float[] expected = numbers.get(name);
        float[] values = backend.floats(actual);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], values[i], 1e-6 * Math.abs(expected[i]) + 1e-8, name);
        }
    }
}
