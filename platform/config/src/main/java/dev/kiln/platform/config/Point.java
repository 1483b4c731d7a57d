package dev.kiln.platform.config;

import dev.kiln.spi.Factory;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.AttentionPatternFactory;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.BackendFactory;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.DataSourceFactory;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.EvalTaskFactory;
import dev.kiln.spi.generation.Sampler;
import dev.kiln.spi.generation.SamplerFactory;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelFamilyFactory;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.NormPlacementFactory;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.TaskHeadFactory;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunFactory;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.run.RunListenerFactory;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.spi.training.OptimizerFactory;
import dev.kiln.spi.training.Schedule;
import dev.kiln.spi.training.ScheduleFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The extension points of the SPI. */
public enum Point {
    RUN(RunFactory.class, Run.class),
    MODEL(ModelFamilyFactory.class, ModelFamily.class),
    ATTENTION_PATTERN(AttentionPatternFactory.class, AttentionPattern.class),
    NORM_PLACEMENT(NormPlacementFactory.class, NormPlacement.class),
    TASK_HEAD(TaskHeadFactory.class, TaskHead.class),
    TOKENIZER(TokenizerFactory.class, Tokenizer.class),
    DATA_SOURCE(DataSourceFactory.class, DataSource.class),
    BACKEND(BackendFactory.class, Backend.class),
    OPTIMIZER(OptimizerFactory.class, Optimizer.class),
    SCHEDULE(ScheduleFactory.class, Schedule.class),
    SAMPLER(SamplerFactory.class, Sampler.class),
    EVALUATION_TASK(EvalTaskFactory.class, EvalTask.class),
    RUN_LISTENER(RunListenerFactory.class, RunListener.class);

    private final Class<?> factory;
    private final Class<?> component;

    Point(Class<?> factory, Class<?> component) {
        this.factory = factory;
        this.component = component;
    }

    /** The interface that its extensions implement. */
    public Class<?> factory() {
        return factory;
    }

    /** What its extensions create; a {@code Choice} of it stands in options. */
    public Class<?> component() {
        return component;
    }

    /** What one of them is called in messages and lists, for example {@code data source}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static Optional<Point> ofComponent(Class<?> component) {
        return Arrays.stream(values()).filter(p -> p.component == component).findFirst();
    }

    static Point ofFactory(Class<?> factory) {
        return Arrays.stream(values())
                .filter(p -> p.factory == factory)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        factory.getName() + " is no extension point"));
    }

    /** The points that a factory extends; mostly one. */
    static List<Point> of(Factory<?, ?> factory) {
        return Arrays.stream(values()).filter(p -> p.factory.isInstance(factory)).toList();
    }
}
