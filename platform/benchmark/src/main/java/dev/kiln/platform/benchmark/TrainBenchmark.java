package dev.kiln.platform.benchmark;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Tape;
import dev.kiln.platform.planning.StepMemory;
import dev.kiln.platform.training.TrainingWork;
import dev.kiln.platform.training.pretrain.TextInputs;
import dev.kiln.platform.training.trainee.FreezeOptions;
import dev.kiln.platform.training.trainee.TraineeRecipe;
import dev.kiln.spi.Choice;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.training.Optimizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Training steps on random tokens: forward, backward, clipping at 1.0, AdamW. Model FLOPs are
 * counted as nanoGPT counts them (after Chowdhery et al., 2022, appendix B): 6 N a token for N
 * parameters without those of positions, and 12 · layers · width · length for attention.
 */
public final class TrainBenchmark implements Benchmark {
    private static final double CLIP = 1;
    private static final double LEARNING_RATE = 1e-4;
    private static final int WARM_UPS = 2;

    private final Run run;
    private final Backend backend;
    private final Scope scope;
    private final RandomWeights weights;
    private final Model model;
    private final TaskHead.Attached head;
    private final Optimizer.Attached optimizer;
    private final List<Tensor> gradients;
    private final Layouts layouts = new Layouts();
    private final Precision precision;
    private double peak;
    private long step;

    /**
     * What to run.
     *
     * @param batch sequences of a step
     * @param length of each, in tokens
     * @param steps of a round
     * @param checkpointing whether blocks are computed anew for backward
     * @param compact the optimizer with less state, if there is one
     */
    public record Run(
            Workload workload,
            int batch,
            int length,
            int steps,
            ActivationCheckpointing checkpointing,
            Optional<Choice<Optimizer>> compact) {

        private TrainingWork work(Precision precision) {
            TraineeRecipe recipe =
                    new TraineeRecipe(
                            workload.family(),
                            workload.vocabulary(),
                            workload.head(),
                            workload.optimizer(),
                            FreezeOptions.NONE,
                            Optional.empty());
            return new TrainingWork(
                    recipe, precision, new TextInputs(length), batch, 0, checkpointing);
        }
    }

    /**
     * Builds the model and takes some steps.
     *
     * @throws InvalidInput when the backend does not have the precision, or its memory is too small
     */
    public TrainBenchmark(Run run) {
        this.run = run;
        Workload workload = run.workload();
        backend = workload.open();
        precision = workload.precision(backend);
        try {
            StepMemory.require(
                    run.work(precision),
                    workload.context(),
                    backend,
                    new StepMemory.Words(
                            "--batch %d", "", "--checkpointing", "--state int8", run.compact()));
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
        scope = backend.scope();
        weights = new RandomWeights(backend, scope, new RandomWeights.Masters(true));
        model = workload.family().create(workload.context()).build(weights, workload.vocabulary());
        head = workload.head().create(workload.context()).attach(weights.in("head"), model);
        optimizer =
                workload.optimizer()
                        .create(workload.context())
                        .attach(backend, scope, weights.all());
        gradients = weights.all().stream().map(Weight::gradient).toList();
        for (int i = 0; i < WARM_UPS; i++) {
            step();
        }
        peak = MatmulPeak.of(backend, precision.activations());
    }

    @Override
    public String name() {
        return "train";
    }

    @Override
    public Map<String, Object> about() {
        Map<String, Object> about = run.workload().about(backend);
        about.put("parameters", weights.count());
        about.put("batch", run.batch());
        about.put("context", run.length());
        about.put("stepsOfARound", run.steps());
        about.put("checkpointing", run.checkpointing().name().toLowerCase(Locale.ROOT));
        about.put("flopsPerToken", flopsPerToken());
        about.put("matmulPeakGigaflopsPerSecond", peak / 1e9);
        about.put("shareOf", "the backend's fastest matrix product in this precision");
        return about;
    }

    private double flopsPerToken() {
        ModelShape shape = model.shape();
        double counted = weights.count() - (double) shape.context() * shape.width();
        return 6 * counted + 12.0 * shape.layers() * shape.attentionWidth() * run.length();
    }

    @Override
    public Map<String, Map<String, Double>> round() {
        long start = System.nanoTime();
        for (int i = 0; i < run.steps(); i++) {
            step();
        }
        double seconds = (System.nanoTime() - start) / 1e9 / run.steps();
        double rate = (double) run.batch() * run.length() / seconds;
        peak = Math.max(peak, rate * flopsPerToken()); // a step of one large product may be faster
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Figures.TOKENS_PER_SECOND, rate);
        figures.put(Figures.MILLISECONDS, 1e3 * seconds);
        figures.put(Figures.SHARE, rate * flopsPerToken() / peak);
        Machine.peakMemory().ifPresent(bytes -> figures.put(Figures.PEAK_MEMORY_BYTES, bytes));
        return Map.of("step", figures);
    }

    private void step() {
        step++;
        double loss = gradients();
        double norm = Math.sqrt(backend.squaredNorm(gradients));
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            throw new IllegalStateException("step " + step + ": loss " + loss + ", norm " + norm);
        }
        optimizer.update(step, LEARNING_RATE, norm > CLIP ? CLIP / norm : 1);
        gradients.forEach(gradient -> backend.fill(gradient, 0));
    }

    /** Forward and backward; returns the loss. */
    private double gradients() {
        try (Scope step = backend.scope()) {
            Tape tape = new Tape(backend, step, precision, layouts, this.step, run.checkpointing());
            Shape shape = Shape.of(run.batch(), run.length());
            int count = Math.toIntExact(shape.size());
            int[] tokens = RandomNumbers.ids(count + 1, run.workload().vocabulary(), this.step);
            int[] positions = new int[count];
            Arrays.setAll(positions, i -> i % run.length());
            float[] each = new float[count];
            Arrays.fill(each, 1f / count);
            Tensor ids = ints(step, shape, Arrays.copyOf(tokens, count));
            Tensor hidden = model.hidden(tape, ids, ints(step, shape, positions));
            Shape flat = Shape.of(count);
            Tensor weight = step.allocate(DType.FLOAT32, flat);
            backend.upload(weight, each);
            Tensor targets = ints(step, flat, Arrays.copyOfRange(tokens, 1, count + 1));
            HeadInput labels = new HeadInput(HeadRows.ALL, targets, weight);
            Tensor losses = head.losses(tape, hidden, labels);
            tape.backward();
            double loss = 0;
            for (float one : backend.floats(losses)) {
                loss += one;
            }
            return loss;
        }
    }

    private Tensor ints(Scope step, Shape shape, int[] values) {
        Tensor tensor = step.allocate(DType.INT32, shape);
        backend.upload(tensor, values);
        return tensor;
    }

    @Override
    public void close() {
        scope.close();
        backend.close();
    }
}
