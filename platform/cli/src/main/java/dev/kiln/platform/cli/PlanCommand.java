package dev.kiln.platform.cli;

import dev.kiln.platform.config.RunConfig;
import dev.kiln.platform.planning.Plan;
import dev.kiln.platform.planning.Planner;
import dev.kiln.platform.planning.Speed;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.RunContext;
import dev.kiln.platform.training.pretrain.PretrainOptions;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kiln plan}: says what a training run will need, and does nothing else. */
@Command(
        description = "Neither the model nor the corpus is loaded.",
        mixinStandardHelpOptions = true)
final class PlanCommand implements Runnable {
    private final Supplier<KilnRuntime> runtimes;
    @Mixin private ConfigArguments config = new ConfigArguments();

    @Option(
            names = "--flops",
            paramLabel = "RATE",
            description = "Floating-point operations in a second, such as 312e12, for the time.")
    private Optional<Double> flops = Optional.empty();

    @Option(
            names = "--measure",
            description = "Measure that rate on this machine, with the run's backend.")
    private boolean measure;

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            description = "Tokens of a tokenizer whose size depends on the corpus.")
    private Optional<Integer> vocabulary = Optional.empty();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    PlanCommand(Supplier<KilnRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public void run() {
        vocabulary.ifPresent(n -> BenchModel.expect("--vocabulary", n, 1, Integer.MAX_VALUE));
        PrintWriter out = spec.commandLine().getOut();
        try (KilnRuntime kiln = runtimes.get()) {
            RunConfig bound = config.read(kiln);
            PretrainOptions options = options(bound);
            Context context = RunContext.planned(bound);
            Plan plan =
                    kiln.injector().getInstance(Planner.class).plan(options, context, vocabulary);
            Optional<Double> speed = speed(options, context);
            out.print(json ? PlanText.json(plan, speed) : PlanText.table(plan, speed));
            out.flush();
        }
    }

    private static PretrainOptions options(RunConfig config) {
        if (config.options() instanceof PretrainOptions options) {
            return options;
        }
        throw new InvalidInput(
                config.file()
                        + ": expected 'run: pretrain' to plan, found '"
                        + config.name()
                        + "'");
    }

    private Optional<Double> speed(PretrainOptions options, Context context) {
        if (flops.isPresent() && (!(flops.get() > 0) || flops.get().isInfinite() || measure)) {
            throw new InvalidInput(
                    "--flops: expected a rate above 0 and no --measure, got " + flops.get());
        }
        if (!measure) {
            return flops;
        }
        try (Backend backend = options.backend().create(context)) {
            return Optional.of(Speed.ofProducts(backend));
        }
    }
}
