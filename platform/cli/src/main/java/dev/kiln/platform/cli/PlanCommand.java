package dev.kiln.platform.cli;

import dev.kiln.platform.config.RunConfig;
import dev.kiln.platform.planning.Plan;
import dev.kiln.platform.planning.Planner;
import dev.kiln.platform.planning.Speed;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.RunContext;
import dev.kiln.platform.training.PretrainOptions;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kiln plan}: says what a training run will need, and does nothing else. */
@Command(
        name = "plan",
        description = {
            "Says what a training run needs: parameters, memory, work and time.",
            "Neither the model nor the corpus is loaded."
        },
        mixinStandardHelpOptions = true)
final class PlanCommand implements Runnable {
    private final Supplier<KilnRuntime> runtimes;
    @Mixin private ConfigArguments config = new ConfigArguments();

    @ArgGroup private Optional<Rate> rate = Optional.empty();

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            description = "Tokens of a tokenizer whose size depends on the corpus.")
    private OptionalInt vocabulary = OptionalInt.empty();

    @Spec private CommandSpec spec = CommandSpec.create();

    /** How fast the machine is. */
    private static final class Rate {
        @Option(
                names = "--flops",
                paramLabel = "RATE",
                description = "Floating-point operations in a second, such as 312e12.")
        private Optional<Double> stated = Optional.empty();

        @Option(
                names = "--measure",
                description = "Measure the rate of this machine, with the run's backend.")
        private boolean measure;
    }

    PlanCommand(Supplier<KilnRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        try (KilnRuntime kiln = runtimes.get()) {
            RunConfig bound = config.read(kiln);
            PretrainOptions options = options(bound);
            Context context = RunContext.planned(bound);
            Plan plan =
                    kiln.injector().getInstance(Planner.class).plan(options, context, vocabulary);
            Optional<Double> speed = rate.map(r -> speed(r, options, context));
            out.print(PlanText.table(plan, speed));
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

    private static double speed(Rate rate, PretrainOptions options, Context context) {
        double stated = rate.stated.orElse(1.0);
        if (!(stated > 0) || Double.isInfinite(stated)) {
            throw new InvalidInput("--flops: expected a rate above 0, got " + stated);
        }
        if (!rate.measure) {
            return stated;
        }
        try (Backend backend = options.backend().create(context)) {
            return Speed.ofProducts(backend);
        }
    }
}
