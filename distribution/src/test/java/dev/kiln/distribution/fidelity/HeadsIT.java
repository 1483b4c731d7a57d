package dev.kiln.distribution.fidelity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.autograd.Adapters;
import dev.kiln.platform.autograd.DirectOps;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.autograd.Tape;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.platform.tasks.HeadBatch;
import dev.kiln.platform.tasks.HeadExample;
import dev.kiln.platform.tasks.HeadScores;
import dev.kiln.spi.Choice;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.training.Optimizer;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Task heads beside transformers' GPT-1 classes and low-rank adapters beside peft, on the tiny
 * checkpoints ({@code src/fidelity/heads.py} has the programs).
 */
class HeadsIT {
    private static final Path RESOURCES = Path.of("src", "test", "resources");
    private static final Path MODELS = RESOURCES.resolve("fidelity");
    private static final Path HEADS = RESOURCES.resolve("heads");
    private static final float BAR = 1e-4f;

    private static Installed kiln;

    /** What a recipe says of a head. */
    record Head(Choice<TaskHead> head) {}

    @BeforeAll
    static void start() {
        kiln = Installed.at(Path.of(System.getProperty("kiln.stage")));
    }

    @AfterAll
    static void stop() {
        kiln.close();
    }

    @ParameterizedTest
    @CsvSource({
        "classification, reference",
        "classification, onednn",
        "similarity, reference",
        "similarity, onednn",
        "multiple-choice, reference",
        "multiple-choice, onednn"
    })
    void scoresLossAndTheGradientOfTheEmbeddingAreThoseOfPyTorch(String name, String backend) {
        try (SafetensorsFile expected = SafetensorsFile.open(HEADS.resolve(name + ".safetensors"));
                Subject subject = Subject.open(MODELS.resolve("openai-gpt/model"), kiln, backend);
                Scope scope = subject.backend().scope()) {
            int states = states(name);
            LanguageModel model = headed(subject, scope, name, expected);
            List<HeadExample> examples = examples(expected, states);
            HeadScores scores = HeadScores.of(model, examples, 8);
            assertArrayEquals(floats(expected, "scores"), flat(scores.values()), BAR);
            assertEquals(floats(expected, "loss")[0], scores.loss(), BAR);

            double auxiliary =
                    expected.names().contains("objective")
                            ? Double.parseDouble(expected.metadata().get("languageModel"))
                            : 0;
            double objective = objective(model, examples, auxiliary);
            String what = auxiliary > 0 ? "objective" : "loss";
            assertEquals(floats(expected, what)[0], objective, BAR);
            Row gradient =
                    Row.relative(
                            "gradient",
                            floats(expected, "gradient"),
                            subject.backend()
                                    .floats(
                                            subject.weights()
                                                    .get("tokens_embed.weight")
                                                    .gradient()),
                            BAR);
            assertTrue(gradient.holds(), gradient::toString);
        }
    }

    private static int states(String head) {
        return switch (head) {
            case "similarity" -> 2;
            case "multiple-choice" -> 4;
            default -> 1;
        };
    }

    private static LanguageModel headed(
            Subject subject, Scope scope, String name, SafetensorsFile expected) {
        String options =
                name.equals("multiple-choice")
                        ? "choices: 4, dropout: 0"
                        : "classes: 3, dropout: 0";
        TaskHead head =
                kiln.read("head: {%s: {%s}}".formatted(name, options), Head.class)
                        .head()
                        .create(kiln.context());
        Backend backend = subject.backend();
        Parameters parameters = new Parameters(backend, scope, 1, true);
        LanguageModel language = subject.language();
        TaskHead.Attached attached = head.attach(parameters, language.model());
        for (Weight weight : parameters.all()) {
            if (expected.names().contains(weight.name())) {
                backend.upload(weight.value(), floats(expected, weight.name()));
                backend.refresh(weight);
            }
        }
        return new LanguageModel(
                backend,
                Precision.FLOAT32,
                language.model(),
                attached,
                language.tokenizer(),
                language.ids(),
                language.layouts());
    }

    private static List<HeadExample> examples(SafetensorsFile expected, int states) {
        int[] lengths = ints(expected, "lengths");
        int[] targets = ints(expected, "targets");
        int[][] ids = Passes.split(ints(expected, "ids"), lengths.length);
        List<HeadExample> examples = new ArrayList<>();
        for (int e = 0; e < targets.length; e++) {
            List<int[]> sequences = new ArrayList<>();
            for (int s = e * states; s < (e + 1) * states; s++) {
                sequences.add(Arrays.copyOf(ids[s], lengths[s]));
            }
            examples.add(new HeadExample("example " + e, sequences, targets[e]));
        }
        return examples;
    }

    private static double objective(
            LanguageModel model, List<HeadExample> examples, double auxiliary) {
        Backend backend = model.backend();
        try (Scope scope = backend.scope()) {
            HeadBatch batch =
                    HeadBatch.upload(
                            backend, scope, examples, HeadBatch.Counts.means(examples, auxiliary));
            Tape tape = new Tape(backend, scope, Precision.FLOAT32, model.layouts(), 1);
            Tensor hidden = model.model().hidden(tape, batch.ids(), batch.positions());
            Tensor losses = model.head().losses(tape, hidden, batch.labels());
            HeadInput next = batch.next();
            Tensor nextLosses =
                    tape.projectedCrossEntropy(
                            tape.gather(hidden, next.rows().rows().orElseThrow()),
                            model.model().outputTable(tape),
                            next.targets(),
                            next.weights());
            tape.backward();
            return sum(backend.floats(losses)) + sum(backend.floats(nextLosses));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "onednn"})
    void adaptersAreThoseOfPeftAndMergingThemChangesNoLogit(String backendName) {
        onLora(
                backendName,
                lora -> {
                    float[] logits = lora.logits(true);
                    assertArrayEquals(floats(lora.expected, "logits"), logits, BAR);
                    float[] base = lora.logits(false);
                    lora.adapters.merge(lora.backend());
                    assertArrayEquals(logits, lora.logits(false), 1e-5f);
                    lora.adapters.unmerge(lora.backend());
                    assertArrayEquals(base, lora.logits(false), 1e-5f);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "onednn"})
    void tenStepsOfAdaptersHaveTheLossesOfPeft(String backendName) {
        onLora(
                backendName,
                lora -> {
                    float[] losses = floats(lora.expected, "losses");
                    Optimizer.Attached optimizer =
                            kiln.optimizer(lora.fixture())
                                    .attach(lora.backend(), lora.scope, lora.added.all());
                    for (int step = 0; step < losses.length; step++) {
                        assertEquals(losses[step], lora.loss(), 1e-3, "step " + step);
                        optimizer.update(step + 1, lora.fixture().setting("learningRate"), 1);
                        lora.added
                                .all()
                                .forEach(weight -> lora.backend().fill(weight.gradient(), 0));
                    }
                });
    }

    private static void onLora(String backend, Consumer<Lora> test) {
        try (SafetensorsFile expected = SafetensorsFile.open(HEADS.resolve("lora.safetensors"));
                Subject subject = Subject.open(MODELS.resolve("gpt2/model"), kiln, backend);
                Scope scope = subject.backend().scope()) {
            test.accept(new Lora(expected, subject, scope));
        }
    }

    /** The adapters of the fixture on its model. */
    private static final class Lora {
        final SafetensorsFile expected;
        final Subject subject;
        final Scope scope;
        final Parameters added;
        final Adapters adapters;
        private final int[] ids;

        Lora(SafetensorsFile expected, Subject subject, Scope scope) {
            this.expected = expected;
            this.subject = subject;
            this.scope = scope;
            ids = ints(expected, "ids");
            added = new Parameters(backend(), scope, 1, true);
            List<Weight> targets =
                    subject.weights().values().stream()
                            .filter(weight -> expected.names().contains(weight.name() + ".lora_A"))
                            .toList();
            assertEquals(4, targets.size());
            adapters =
                    new Adapters(
                            targets,
                            added,
                            (int) fixture().setting("rank"),
                            fixture().setting("alpha"),
                            0);
            for (Weight weight : added.all()) {
                backend().upload(weight.value(), floats(expected, weight.name()));
                backend().refresh(weight);
            }
        }

        Fixture fixture() {
            return new Fixture("lora", MODELS, expected);
        }

        Backend backend() {
            return subject.backend();
        }

        float[] logits(boolean adapted) {
            LanguageModel language = subject.language();
            try (Scope step = backend().scope()) {
                Ops direct = new DirectOps(backend(), step, Precision.FLOAT32, language.layouts());
                Ops ops = adapted ? adapters.around(direct) : direct;
                HeadBatch batch = batch(step);
                Tensor hidden = language.model().hidden(ops, batch.ids(), batch.positions());
                return backend().floats(language.head().scores(ops, hidden, HeadRows.ALL));
            }
        }

        double loss() {
            LanguageModel language = subject.language();
            try (Scope step = backend().scope()) {
                Tape tape = new Tape(backend(), step, Precision.FLOAT32, language.layouts(), 1);
                Ops ops = adapters.around(tape);
                HeadBatch batch = batch(step);
                Tensor hidden = language.model().hidden(ops, batch.ids(), batch.positions());
                Tensor losses = language.head().losses(ops, hidden, batch.next());
                tape.backward();
                return sum(backend().floats(losses));
            }
        }

        private HeadBatch batch(Scope step) {
            HeadExample example =
                    new HeadExample("both", List.of(Passes.split(ids, 2)), HeadExample.UNKNOWN);
            return HeadBatch.upload(
                    backend(), step, List.of(example), HeadBatch.Counts.means(List.of(example), 1));
        }
    }

    private static float[] floats(SafetensorsFile file, String name) {
        return file.floats(name).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    private static int[] ints(SafetensorsFile file, String name) {
        return file.tensor(name).toArray(ValueLayout.JAVA_INT_UNALIGNED);
    }

    private static float[] flat(float[][] rows) {
        float[] all = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, all, i * rows[0].length, rows[0].length);
        }
        return all;
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }
}
