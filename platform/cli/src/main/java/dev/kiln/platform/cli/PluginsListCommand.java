package dev.kiln.platform.cli;

import dev.kiln.platform.config.Catalog;
import dev.kiln.platform.config.Listing;
import dev.kiln.platform.config.Listing.ExtensionLine;
import dev.kiln.platform.config.Listing.OptionLine;
import dev.kiln.platform.config.Point;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.Pin;
import dev.kiln.platform.runtime.PluginStore;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kiln plugins list}: the extension points with all that can stand there. */
@Command(
        name = "list",
        description = "Lists the extension points, who supplies what, and all options.",
        mixinStandardHelpOptions = true)
final class PluginsListCommand implements Runnable {
    private final Supplier<KilnRuntime> runtimes;
    private final PluginStore store;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--installed",
            description = "List the plugins that you installed instead, and whether they are used.")
    private boolean installed;

    @Spec private CommandSpec spec = CommandSpec.create();

    PluginsListCommand(Supplier<KilnRuntime> runtimes, PluginStore store) {
        this.runtimes = runtimes;
        this.store = store;
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        if (installed) {
            printInstalled(out);
        } else {
            print(runtimes, json, out);
        }
    }

    /** Prints all extension points, or as JSON. */
    static void print(Supplier<KilnRuntime> runtimes, boolean json, PrintWriter out) {
        try (KilnRuntime kiln = runtimes.get()) {
            if (json) {
                out.println(Listing.json(kiln.catalog()));
            } else {
                print(out, kiln.catalog());
            }
        }
    }

    private static void print(PrintWriter out, Catalog catalog) {
        for (Point point : Point.values()) {
            out.println(point.word());
            List<ExtensionLine> extensions = Listing.at(catalog, point);
            if (extensions.isEmpty()) {
                out.println("  none");
            }
            for (ExtensionLine extension : extensions) {
                out.printf(Locale.ROOT, "  %s (%s)%n", extension.name(), extension.supplier());
                extension.options().forEach(option -> out.println("      " + line(option)));
            }
        }
    }

    /** An option with its type, its default and what it is for. */
    static String line(OptionLine option) {
        String fallback =
                option.required()
                        ? ", must be given"
                        : option.fallback().map(value -> ", default " + value).orElse("");
        String doc = option.doc().isEmpty() ? "" : ": " + option.doc();
        return option.name() + " (" + option.type() + fallback + ")" + doc;
    }

    /** As a start finds them, which is why one is made. */
    private void printInstalled(PrintWriter out) {
        List<Installed> plugins = store.installed().isEmpty() ? List.of() : lookUp();
        if (json) {
            out.println(new JsonText().value(plugins.stream().map(this::json).toList()));
        } else if (plugins.isEmpty()) {
            out.println("none");
        } else {
            Table.print(out, plugins.stream().map(this::row).toList(), 5);
        }
    }

    /**
     * An installed plugin.
     *
     * @param problem why the start left it out; empty when it is used
     */
    private record Installed(Pin pin, boolean enabled, String problem) {
        String state() {
            return !enabled ? "disabled" : problem.isEmpty() ? "enabled" : "refused";
        }
    }

    private List<Installed> lookUp() {
        try (KilnRuntime kiln = runtimes.get()) {
            return store.installed().stream()
                    .map(pin -> new Installed(pin, isEnabled(pin), problem(kiln, pin)))
                    .toList();
        }
    }

    private boolean isEnabled(Pin pin) {
        return !store.disabled().contains(pin.id());
    }

    private static String problem(KilnRuntime kiln, Pin pin) {
        return kiln.plugins().stream()
                .filter(plugin -> plugin.pin().equals(Optional.of(pin)))
                .findFirst()
                .map(plugin -> plugin.problem().orElse(""))
                .orElse("another plugin has its id");
    }

    private List<String> row(Installed plugin) {
        Pin pin = plugin.pin();
        return List.of(pin.id(), pin.version(), plugin.state(), signer(pin), pin.sha256());
    }

    private Map<String, Object> json(Installed plugin) {
        Pin pin = plugin.pin();
        return Map.of(
                "id",
                pin.id(),
                "version",
                pin.version(),
                "enabled",
                plugin.enabled(),
                "problem",
                plugin.problem(),
                "key",
                pin.key().orElse(""),
                "sha256",
                pin.sha256());
    }

    private String signer(Pin pin) {
        return pin.key().map(key -> signer(store, key)).orElse("unsigned");
    }

    /** Whose key it is, in words. */
    static String signer(PluginStore store, String fingerprint) {
        return store.keys().list().stream()
                .filter(key -> key.fingerprint().equals(fingerprint))
                .map(key -> "signed by " + key.name())
                .findFirst()
                .orElse("signed by " + fingerprint + ", not trusted any more");
    }
}
