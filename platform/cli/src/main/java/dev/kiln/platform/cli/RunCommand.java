package dev.kiln.platform.cli;

import dev.kiln.platform.config.RunConfig;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.RunContext;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kiln run}: does what a run file describes. */
@Command(mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final int STOPPED = 130;

    private final Supplier<KilnRuntime> runtimes;
    @Mixin private ConfigArguments config = new ConfigArguments();

    RunCommand(Supplier<KilnRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public Integer call() throws Exception {
        try (KilnRuntime kiln = runtimes.get()) {
            RunConfig bound = config.read(kiln);
            RunContext context = RunContext.of(bound);
            return execute(bound, context);
        }
    }

    private static int execute(RunConfig config, RunContext context) throws Exception {
        Stop stop = new Stop(Thread.currentThread());
        try {
            config.run().create(context).execute();
        } catch (Exception e) {
            if (!stop.requested()) {
                throw e;
            }
        } finally {
            stop.ended();
        }
        return stop.requested() ? STOPPED : 0;
    }
}
