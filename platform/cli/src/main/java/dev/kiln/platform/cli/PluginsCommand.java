package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.Pin;
import dev.kiln.platform.runtime.PluginStore;
import dev.kiln.platform.runtime.PluginStore.Checked;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln plugins}: lists what is here; its commands add and take away. */
@Command(
        description =
                "A command begins, describes, checks, installs, removes, turns on and off, or signs"
                        + " plugins.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[COMMAND]")
final class PluginsCommand implements Runnable {
    private final Supplier<KilnRuntime> runtimes;
    private final PluginStore store;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    private PluginsCommand(Supplier<KilnRuntime> runtimes, PluginStore store) {
        this.runtimes = runtimes;
        this.store = store;
    }

    static CommandLine of(Supplier<KilnRuntime> runtimes, PluginStore store) {
        return new CommandLine(new PluginsCommand(runtimes, store))
                .addSubcommand(new PluginsNewCommand())
                .addSubcommand(new PluginsListCommand(runtimes, store))
                .addSubcommand(new PluginsDescribeCommand(runtimes, store))
                .addSubcommand(new PluginsInstallCommand(store))
                .addSubcommand(new KeysCommand(store.keys()));
    }

    @Override
    public void run() {
        PluginsListCommand.print(runtimes, json, spec.commandLine().getOut());
    }

    @Command(
            name = "verify",
            description = "Checks an archive as install does, and leaves it alone.",
            mixinStandardHelpOptions = true)
    void verify(
            @Parameters(paramLabel = "ARCHIVE", description = "A plugin's zip file.") Path archive)
            throws IOException {
        Checked checked = store.verify(archive);
        if (checked.signer().isEmpty()) {
            throw new InvalidInput(archive + " is sound, but " + checked.untrusted());
        }
        warnOfNoExtensions(checked, spec);
        print(label(checked) + ", SHA-256 " + checked.sha256());
    }

    static void warnOfNoExtensions(Checked checked, CommandSpec command) {
        if (checked.extensions() == 0) {
            command.commandLine()
                    .getErr()
                    .println("kiln: it has no extension; is the mark @Extension missing?");
        }
    }

    /** A plugin, and who signed it. */
    static String label(Checked checked) {
        return "plugin "
                + checked.id()
                + " "
                + checked.version()
                + checked.signer().map(key -> ", signed by " + key.name()).orElse(", unsigned");
    }

    @Command(
            name = "remove",
            description = "Takes a plugin away that was installed.",
            mixinStandardHelpOptions = true)
    void remove(
            @Parameters(
                            paramLabel = "ID",
                            description =
                                    "The plugin's id; 'kiln plugins list --installed' lists all.")
                    String id)
            throws IOException {
        Pin removed = store.remove(id);
        print("removed plugin " + removed.id() + " " + removed.version());
    }

    @Command(
            name = "enable",
            description = "Turns a plugin on again.",
            mixinStandardHelpOptions = true)
    void enable(@Parameters(paramLabel = "ID", description = "The plugin's id.") String id)
            throws IOException {
        store.enable(id, true);
        print("enabled plugin " + id);
    }

    @Command(
            name = "disable",
            description = "Turns a plugin off, installed or not, and leaves it where it is.",
            mixinStandardHelpOptions = true)
    void disable(@Parameters(paramLabel = "ID", description = "The plugin's id.") String id)
            throws IOException {
        store.enable(id, false);
        print("disabled plugin " + id);
    }

    @Command(
            name = "sign",
            description = "Signs an archive, in ARCHIVE.sig beside it.",
            mixinStandardHelpOptions = true)
    void sign(
            @Parameters(paramLabel = "ARCHIVE", description = "A plugin's zip file.") Path archive,
            @Option(
                            names = "--key",
                            paramLabel = "NAME",
                            required = true,
                            description =
                                    "A key that 'kiln plugins keys generate' made (required).")
                    String key)
            throws IOException {
        print(store.keys().sign(archive, key).toString());
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }
}
