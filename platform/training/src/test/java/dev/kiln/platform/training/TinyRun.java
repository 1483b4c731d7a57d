package dev.kiln.platform.training;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.run.ResumeOptions;
import dev.kiln.platform.run.RunFolder;
import dev.kiln.platform.training.loop.CheckpointOptions;
import dev.kiln.platform.training.pretrain.Pretrain;
import dev.kiln.platform.training.pretrain.PretrainOptions;
import dev.kiln.platform.training.trainee.FreezeOptions;
import dev.kiln.platform.training.trainee.LoraOptions;
import dev.kiln.platform.training.trainee.StartingModel;
import dev.kiln.platform.training.trainee.TransferOptions;
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
import dev.kiln.spi.training.Progress;
import dev.kiln.spi.training.Schedule;
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
    private Schedule schedule = new Constant(0.01);
    private long seed = 5;
    private int batch = 3;
    private double clip = 1;
    private Optional<Integer> patience = Optional.empty();
    private ResumeOptions resume = ResumeOptions.NEVER;
    private Optional<String> from = Optional.empty();
    private Optional<LoraOptions> lora = Optional.empty();
    private Precision precision = Precision.FLOAT32;
    private ActivationCheckpointing checkpointing = ActivationCheckpointing.NONE;
    private String optimizerName = "adamw";
    private Optimizer optimizer = TinyRun::adamW;
    private Supplier<Backend> backend = ReferenceBackend::new;
    private ModelFamily model = new TinyDecoder(4, 0.2, 0.3);
    private DataSource data =
            new Sources.Texts(List.of(TEXT, "bca"), List.of("abd abf"), Order.SHUFFLED);
    private Optional<List<String>> prompts = Optional.of(List.of("ab"));
    private RunListener listener = events::add;
    private Feasibility feasibility = (work, context, backend) -> {};

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
        return schedule(new Constant(rate));
    }

    TinyRun schedule(Schedule other) {
        schedule = other;
        return this;
    }

    TinyRun seed(long other) {
        seed = other;
        return this;
    }

    TinyRun batch(int sequences) {
        batch = sequences;
        return this;
    }

    TinyRun clip(double norm) {
        clip = norm;
        return this;
    }

    TinyRun prompts(String... texts) {
        prompts = Optional.of(List.of(texts));
        return this;
    }

    /** Begins with another model. */
    TinyRun from(Path model) {
        from = Optional.of(model.toString());
        return this;
    }

    TinyRun lora(LoraOptions options) {
        lora = Optional.of(options);
        return this;
    }

    TinyRun patience(int most) {
        patience = Optional.of(most);
        return this;
    }

    TinyRun resumeAllowing(String... keys) {
        resume = new ResumeOptions("auto", List.of(keys));
        return this;
    }

    TinyRun resumeAuto() {
        resume = ResumeOptions.AUTO;
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

    TinyRun optimizer(String name, Optimizer other) {
        optimizerName = name;
        optimizer = other;
        return this;
    }

    TinyRun backend(Supplier<Backend> other) {
        backend = other;
        return this;
    }

    TinyRun model(ModelFamily other) {
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

    /** The same rate at all steps. */
    record Constant(double rate) implements Schedule {
        @Override
        public double learningRate(Progress progress) {
            return rate;
        }
    }

    /** A choice that spells its component out as options, so that a resume can compare it. */
    record Given<T>(String name, T component) implements dev.kiln.spi.Choice<T> {
        @Override
        public Record options() {
            return component instanceof Record options ? options : new NoOptions();
        }

        @Override
        public T create(Context context) {
            return component;
        }
    }

    void execute() throws Exception {
        Context context = new FolderContext(seed, folder);
        TrainedModel trained = new TrainedModel(new Bytes(), new Configs());
        RunFolder runFolder =
                new RunFolder(context, new Configs(), "pretrain", StartingModel.kept());
        new TrainingRun<>(
                        new Pretrain(context, folder, trained),
                        options(),
                        context,
                        runFolder,
                        feasibility)
                .execute();
    }

    private PretrainOptions options() {
        Sampler first = (logits, history, length, key) -> 'x';
        return new PretrainOptions(
                new Given<>("texts", data),
                from,
                "best",
                from.isEmpty()
                        ? Optional.of(new FixedChoice<Tokenizer>("bytes", new ByteTokenizer()))
                        : Optional.empty(),
                from.isEmpty()
                        ? Optional.of(new Given<ModelFamily>("tiny", model))
                        : Optional.empty(),
                new FixedChoice<>("tiny", new TinyHead()),
                TransferOptions.ALL,
                FreezeOptions.NONE,
                lora,
                new BackendChoice(backend),
                PrecisionChoice.of(precision),
                new FixedChoice<>(optimizerName, optimizer),
                new Given<>("schedule", schedule),
                new PretrainOptions.Training(
                        batch,
                        accumulation,
                        Optional.of(steps),
                        tokens,
                        Optional.empty(),
                        clip,
                        ramp,
                        checkpointing),
                new PretrainOptions.Evaluation(4, Optional.empty(), 2, patience),
                new CheckpointOptions(3, 2),
                new PretrainOptions.Samples(
                        prompts, false, 2, List.of(), new FixedChoice<>("first", first)),
                List.of(new FixedChoice<>("test", listener)),
                resume,
                Optional.empty());
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
