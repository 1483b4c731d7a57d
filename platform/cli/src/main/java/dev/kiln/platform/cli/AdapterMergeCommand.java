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

/** {@code kiln adapter merge}: a model gets an adapter into its weights. */
@Command(
        name = "merge",
        description = "Makes a folder of the base's kind whose weights have an adapter in them.",
        mixinStandardHelpOptions = true)
final class AdapterMergeCommand implements Callable<Integer> {
    private final Supplier<KilnRuntime> runtimes;
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            paramLabel = "BASE",
            description = "A run folder or a Hugging Face folder: the model that was adapted.")
    private String base = "";

    @Parameters(
            index = "1",
            paramLabel = "ADAPTER",
            description = "A folder of peft's, or adapter/ of a run folder.")
    private String adapter = "";

    @Mixin private NewFolderOption out = new NewFolderOption();

    @Mixin private CheckpointOption checkpoint = new CheckpointOption();

    AdapterMergeCommand(Supplier<KilnRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public Integer call() throws IOException {
        RunContext here = LookContext.here();
        Path target = out.in(here);
        RunContext context = out.context(here);
        Consumer<String> notice = line -> spec.commandLine().getErr().println("kiln: " + line);
        try (KilnRuntime kiln = runtimes.get();
                StoredModel stored =
                        kiln.injector()
                                .getInstance(TrainedModel.class)
                                .find(here.resolve(base), checkpoint.best(), context, notice)) {
            int changed =
                    kiln.injector()
                            .getInstance(ModelAdapters.class)
                            .merge(stored, here.resolve(adapter), context, notice);
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "%s: %s, weights that the adapter changed: %,d%n",
                            target,
                            stored.model().name(),
                            changed);
        }
        return 0;
    }
}
