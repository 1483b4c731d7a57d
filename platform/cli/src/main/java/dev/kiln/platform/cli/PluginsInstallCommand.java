package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.Pin;
import dev.kiln.platform.runtime.PluginStore;
import dev.kiln.platform.runtime.PluginStore.Allowed;
import dev.kiln.platform.runtime.PluginStore.Checked;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
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

    @Option(
            names = "--allow-downgrade",
            paramLabel = "ID",
            description = "The id of a plugin whose installed version may be newer.")
    private Set<String> downgrade = new LinkedHashSet<>();

    @Spec private CommandSpec spec = CommandSpec.create();

    PluginsInstallCommand(PluginStore store) {
        this.store = store;
    }

    @Override
    public Integer call() throws IOException {
        List<Pin> before = store.installed();
        Checked installed = store.install(archive, new Allowed(unsigned, downgrade));
        PluginsCommand.warnOfNoExtensions(installed, spec);
        spec.commandLine()
                .getOut()
                .println(
                        "installed "
                                + PluginsCommand.label(installed)
                                + replaced(before, installed));
        return 0;
    }

    private static String replaced(List<Pin> before, Checked installed) {
        return before.stream()
                .filter(pin -> pin.id().equals(installed.id()))
                .filter(pin -> !pin.sha256().equals(installed.sha256()))
                .map(pin -> ", in place of " + pin.version())
                .findFirst()
                .orElse("");
    }
}
