package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.KilnRuntime;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kiln validate}: reads a run file, and does nothing else. */
@Command(mixinStandardHelpOptions = true)
final class ValidateCommand implements Runnable {
    private final Supplier<KilnRuntime> runtimes;
    @Mixin private ConfigArguments config = new ConfigArguments();
    @Spec private CommandSpec spec = CommandSpec.create();

    ValidateCommand(Supplier<KilnRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public void run() {
        try (KilnRuntime kiln = runtimes.get()) {
            config.read(kiln);
        }
        spec.commandLine().getOut().println(config.file() + ": valid");
    }
}
