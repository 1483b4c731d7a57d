package dev.kiln.platform.training;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.inference.PrecisionChoice;
import dev.kiln.platform.inference.TrainedModel;
import dev.kiln.spi.Context;
import dev.kiln.spi.Extensions;
import dev.kiln.spi.Factory;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.generation.Sampler;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.ByteTokenizerFactory;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.FolderContext;
import dev.kiln.testkit.fixtures.TinyDecoder;
import dev.kiln.testkit.fixtures.TinyHead;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A whole pre-training run of a tiny model on the reference backend, in one process. */
final class TinyRun {
    private static final String TEXT = "abcabdabeabfabc abd abe abf acb adb aeb afb ";

    final List<RunEvent> events = new ArrayList<>();
    private final Path folder;
    private long steps = 12;
    private int accumulation = 2;
    private Optional<Long> tokens = Optional.empty();
    private Optional<PretrainOptions.BatchRamp> ramp = Optional.empty();
    private double learningRate = 0.01;
    private String resume = "never";
    private Precision precision = Precision.FLOAT32;
    private ActivationCheckpointing checkpointing = ActivationCheckpointing.NONE;
    private Optimizer optimizer = TinyRun::adamW;
    private Supplier<Backend> backend = ReferenceBackend::new;
    private TinyDecoder model = new TinyDecoder(4, 0.2, 0.3);
    private DataSource data =
            new Sources.Texts(List.of(TEXT, "bca"), List.of("abd abf"), Order.SHUFFLED);
    private RunListener listener = events::add;
    private Feasibility feasibility = (options, context, vocabulary, backend) -> {};

    TinyRun(Path folder) {
        this.folder = folder;
    }

    TinyRun steps(long steps) {
        this.steps = steps;
        return this;
    }

    TinyRun tokens(long tokens) {
        this.tokens = Optional.of(tokens);
        return this;
    }

    /** Updates of up to so many batches of 12 tokens. */
    TinyRun ramp(int accumulation, long from, long over) {
        this.accumulation = accumulation;
        ramp = Optional.of(new PretrainOptions.BatchRamp(from, over));
        return this;
    }

    TinyRun learningRate(double rate) {
        learningRate = rate;
        return this;
    }

    TinyRun resumeAuto() {
        resume = "auto";
        return this;
    }

    TinyRun precision(Precision other) {
        precision = other;
        return this;
    }

    TinyRun checkpointing(ActivationCheckpointing other) {
        checkpointing = other;
        return this;
    }

    TinyRun optimizer(Optimizer other) {
        optimizer = other;
        return this;
    }

    TinyRun backend(Supplier<Backend> other) {
        backend = other;
        return this;
    }

    TinyRun model(TinyDecoder other) {
        model = other;
        return this;
    }

    TinyRun data(DataSource other) {
        data = other;
        return this;
    }

    TinyRun feasibility(Feasibility other) {
        feasibility = other;
        return this;
    }

    TinyRun listener(RunListener other) {
        listener = other;
        return this;
    }

    void execute() throws Exception {
        Context context = new FolderContext(5, folder);
        TrainedModel trained = new TrainedModel(new Bytes(), new Configs());
        new Pretrain(
                        options(),
                        context,
                        new RunFolder(context, new Configs()),
                        trained,
                        feasibility)
                .execute();
    }

    private PretrainOptions options() {
        Sampler first = (logits, history, length, key) -> 'x';
        return new PretrainOptions(
                new FixedChoice<>("texts", data),
                new FixedChoice<Tokenizer>("bytes", new ByteTokenizer()),
                new FixedChoice<ModelFamily>("tiny", model),
                new FixedChoice<>("tiny", new TinyHead()),
                new BackendChoice(backend),
                PrecisionChoice.of(precision),
                new FixedChoice<>("adamw", optimizer),
                new FixedChoice<>("constant", progress -> learningRate),
                new PretrainOptions.Training(
                        3,
                        accumulation,
                        Optional.of(steps),
                        tokens,
                        Optional.empty(),
                        1,
                        ramp,
                        checkpointing),
                new PretrainOptions.Evaluation(4, Optional.empty(), 2),
                new PretrainOptions.Checkpointing(3, 2),
                new PretrainOptions.Samples(
                        Optional.empty(), false, 2, List.of(), new FixedChoice<>("first", first)),
                List.of(new FixedChoice<>("test", listener)),
                resume);
    }

    static Optimizer.Attached adamW(Backend backend, Scope scope, List<Weight> weights) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        List<Tensor> first = moments("m.", backend, scope, weights, state);
        List<Tensor> second = moments("v.", backend, scope, weights, state);
        return new Optimizer.Attached() {
            @Override
            public void update(long step, double rate, double gradientScale) {
                backend.adamW(
                        weights,
                        first,
                        second,
                        new AdamWStep(step, rate, 0.9, 0.95, 1e-8, 0.1, gradientScale));
                // The reference backend computes in double; what a checkpoint keeps is float32.
                weights.forEach(weight -> round(backend, weight.value()));
                state.values().forEach(moment -> round(backend, moment));
            }

            @Override
            public Map<String, Tensor> state() {
                return state;
            }
        };
    }

    static void round(Backend backend, Tensor tensor) {
        backend.upload(tensor, backend.floats(tensor));
    }

    private static List<Tensor> moments(
            String prefix,
            Backend backend,
            Scope scope,
            List<Weight> weights,
            Map<String, Tensor> state) {
        List<Tensor> moments = new ArrayList<>();
        for (Weight weight : weights) {
            Tensor moment = scope.allocate(DType.FLOAT32, weight.shape());
            backend.fill(moment, 0);
            moments.add(moment);
            state.put(prefix + weight.name(), moment);
        }
        return moments;
    }

    /** A new backend for every run. */
    record BackendChoice(Supplier<Backend> backend) implements dev.kiln.spi.Choice<Backend> {
        @Override
        public String name() {
            return "reference";
        }

        @Override
        public Record options() {
            return new NoOptions();
        }

        @Override
        public Backend create(Context context) {
            return backend.get();
        }
    }

    /** The one extension that a resumed run looks up. */
    record Bytes() implements Extensions {
        @Override
        public <F extends Factory<?, ?>> F find(Class<F> point, String name) {
            return point.cast(new ByteTokenizerFactory());
        }

        @Override
        public <F extends Factory<?, ?>> Set<String> names(Class<F> point) {
            return Set.of("bytes");
        }
    }
}
