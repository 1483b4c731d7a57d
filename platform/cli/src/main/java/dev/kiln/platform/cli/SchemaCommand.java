package dev.kiln.platform.cli;

import dev.kiln.platform.config.JsonSchema;
import dev.kiln.platform.runtime.KilnRuntime;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kiln schema}: prints the JSON Schema of run files. */
@Command(mixinStandardHelpOptions = true)
final class SchemaCommand implements Runnable {
    private final Supplier<KilnRuntime> runtimes;
    @Spec private CommandSpec spec = CommandSpec.create();

    SchemaCommand(Supplier<KilnRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public void run() {
        try (KilnRuntime kiln = runtimes.get()) {
            spec.commandLine().getOut().println(JsonSchema.of(kiln.catalog()));
        }
    }
}
