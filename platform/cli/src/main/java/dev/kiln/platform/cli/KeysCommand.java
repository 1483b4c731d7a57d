package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.Keys;
import dev.kiln.platform.runtime.Keys.Key;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln plugins keys}: whose signatures are trusted. */
@Command(
        name = "keys",
        description = "Lists the keys whose signatures are trusted.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[COMMAND]")
final class KeysCommand implements Runnable {
    private final Keys keys;
    @Spec private CommandSpec spec = CommandSpec.create();

    KeysCommand(Keys keys) {
        this.keys = keys;
    }

    @Override
    public void run() {
        list();
    }

    @Command(
            name = "list",
            description = "Lists the keys whose signatures are trusted.",
            mixinStandardHelpOptions = true)
    void list() {
        List<List<String>> rows = keys.list().stream().map(KeysCommand::row).toList();
        if (rows.isEmpty()) {
            print("none");
        } else {
            Table.print(spec.commandLine().getOut(), rows, 4);
        }
    }

    private static List<String> row(Key key) {
        String own = key.own() ? "yours" : "";
        return List.of(key.name(), key.fingerprint(), key.file().toString(), own);
    }

    @Command(
            name = "generate",
            description = "Makes a key of your own, to sign with, and trusts it.",
            mixinStandardHelpOptions = true)
    void generate(
            @Parameters(paramLabel = "NAME", description = "What you call the key.") String name)
            throws IOException {
        print(keys.generate(name));
    }

    @Command(
            name = "add",
            description = {
                "Trusts what another's key signs.",
                "Compare the fingerprint with what its owner tells you."
            },
            mixinStandardHelpOptions = true)
    void add(
            @Parameters(paramLabel = "NAME", description = "What you call the key.") String name,
            @Parameters(paramLabel = "FILE", description = "The public key, in PEM.") Path file)
            throws IOException {
        print(keys.add(name, file));
    }

    private void print(Key key) {
        print("key " + key.name() + " " + key.fingerprint() + ": " + key.file());
    }

    @Command(
            name = "remove",
            description = {
                "Trusts a key no longer.",
                "Plugins that it signed are refused from now on."
            },
            mixinStandardHelpOptions = true)
    void remove(
            @Parameters(
                            paramLabel = "NAME",
                            description = "The key's name; 'kiln plugins keys' lists all.")
                    String name,
            @Option(
                            names = "--private",
                            description = "Delete the private key too, if it is yours.")
                    boolean withPrivate)
            throws IOException {
        keys.remove(name, withPrivate);
        print("removed key " + name);
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }
}
