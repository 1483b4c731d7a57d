package dev.kiln.platform.cli;

import dev.kiln.platform.config.Catalog;
import dev.kiln.platform.config.Point;
import dev.kiln.platform.runtime.AutoBackendFactory;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.PluginInfo;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kiln doctor}: what Kiln found here, what it will compute with, and what would help. */
@Command(
        description = {
            "Every backend is started once, to see which one 'backend: auto' takes and why.",
            "Exits with 2 when no backend starts."
        },
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private final Supplier<KilnRuntime> runtimes;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    DoctorCommand(Supplier<KilnRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Diagnosis diagnosis = diagnose();
        out.print(json ? diagnosis.json() : diagnosis.text());
        out.flush();
        return diagnosis.taken().isPresent() ? 0 : 2;
    }

    private Diagnosis diagnose() {
        try (KilnRuntime kiln = runtimes.get()) {
            List<String> loaded =
                    kiln.plugins().stream()
                            .filter(plugin -> plugin.problem().isEmpty())
                            .map(PluginInfo::label)
                            .toList();
            AutoBackendFactory auto = auto(kiln.catalog());
            return new Diagnosis(
                    Host.here(),
                    JavaHere.find(),
                    loaded,
                    kiln.refusals(),
                    auto.tryAll(LookContext.here()));
        }
    }

    private static AutoBackendFactory auto(Catalog catalog) {
        return (AutoBackendFactory)
                catalog.at(Point.BACKEND).get(AutoBackendFactory.NAME).factory();
    }
}
