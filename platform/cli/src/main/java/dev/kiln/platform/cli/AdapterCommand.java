package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.KilnRuntime;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kiln adapter}: low-rank adapters as peft keeps them. */
@Command(
        description =
                "An adapter is a folder with adapter_config.json and adapter_model.safetensors, as peft"
                        + " writes it and as a run with lora keeps it in adapter/.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class AdapterCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    private AdapterCommand() {}

    static CommandLine of(Supplier<KilnRuntime> runtimes) {
        return new CommandLine(new AdapterCommand())
                .addSubcommand(new AdapterMergeCommand(runtimes))
                .addSubcommand(new AdapterExtractCommand(runtimes));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "expected what to do with an adapter: merge or extract");
    }
}
