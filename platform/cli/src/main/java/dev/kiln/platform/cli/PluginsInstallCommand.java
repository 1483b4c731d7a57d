package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.PluginStore;
import dev.kiln.platform.runtime.PluginStore.Checked;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln plugins install}: adds a plugin of others. */
@Command(
        name = "install",
        description = {
            "Installs an archive that a trusted key signed: ARCHIVE.sig lies beside it.",
            "Its hash goes into plugins.lock, and no other archive is loaded in its place."
        },
        mixinStandardHelpOptions = true)
final class PluginsInstallCommand implements Callable<Integer> {
    private final PluginStore store;

    @Parameters(paramLabel = "ARCHIVE", description = "A plugin's zip file.")
    private Path archive = Path.of("");

    @Option(
            names = "--allow-unsigned",
            paramLabel = "ID",
            description = "The id of a plugin that need not be signed by a trusted key.")
    private Set<String> unsigned = new LinkedHashSet<>();

    @Spec private CommandSpec spec = CommandSpec.create();

    PluginsInstallCommand(PluginStore store) {
        this.store = store;
    }

    @Override
    public Integer call() throws IOException {
        Checked installed = store.install(archive, unsigned);
        PluginsCommand.warnOfNoExtensions(installed, spec);
        spec.commandLine().getOut().println("installed " + PluginsCommand.label(installed));
        return 0;
    }
}
