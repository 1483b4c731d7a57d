package dev.kiln.platform.cli;

import dev.kiln.platform.exchange.ModelAdapters;
import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln adapter extract}: the adapter of a run, for peft to load. */
@Command(
        name = "extract",
        description = "Copies the adapter of a run, checked against the run's model, to a folder.",
        mixinStandardHelpOptions = true)
final class AdapterExtractCommand implements Callable<Integer> {
    private final Supplier<KilnRuntime> runtimes;
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "RUN", description = "The run folder of a run with lora.")
    private String run = "";

    @Mixin private NewFolderOption out = new NewFolderOption();

    AdapterExtractCommand(Supplier<KilnRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public Integer call() throws IOException {
        RunContext here = LookContext.here();
        Path target = out.in(here);
        Consumer<String> notice = line -> spec.commandLine().getErr().println("kiln: " + line);
        try (KilnRuntime kiln = runtimes.get();
                StoredModel stored =
                        kiln.injector()
                                .getInstance(TrainedModel.class)
                                .find(here.resolve(run), true, here, notice)) {
            int changed =
                    kiln.injector().getInstance(ModelAdapters.class).extract(stored, target, here);
            spec.commandLine()
                    .getOut()
                    .printf(Locale.ROOT, "%s: weights that it changes: %,d%n", target, changed);
        }
        return 0;
    }
}
