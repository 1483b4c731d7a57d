package dev.kiln.platform.cli;

import dev.kiln.platform.config.Catalog;
import dev.kiln.platform.config.Listing;
import dev.kiln.platform.config.Listing.ExtensionLine;
import dev.kiln.platform.config.Point;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.Pin;
import dev.kiln.platform.runtime.PluginInfo;
import dev.kiln.platform.runtime.PluginStore;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Spelling;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln plugins describe}: what a plugin or a component is, with all its options. */
@Command(
        name = "describe",
        description = "Says what a plugin, a component or an extension point has, and all options.",
        mixinStandardHelpOptions = true)
final class PluginsDescribeCommand implements Runnable {
    private final Supplier<KilnRuntime> runtimes;
    private final PluginStore store;

    @Parameters(
            paramLabel = "NAME",
            description =
                    "A plugin's id, the name of a component as it stands in a run file, or an"
                            + " extension point such as attention-pattern.")
    private String name = "";

    @Spec private CommandSpec spec = CommandSpec.create();

    /** A component at its extension point. */
    private record Component(Point point, ExtensionLine line) {}

    PluginsDescribeCommand(Supplier<KilnRuntime> runtimes, PluginStore store) {
        this.runtimes = runtimes;
        this.store = store;
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        try (KilnRuntime kiln = runtimes.get()) {
            List<PluginInfo> plugins =
                    kiln.plugins().stream().filter(info -> info.id().equals(name)).toList();
            List<Component> components =
                    components(kiln.catalog()).stream().filter(c -> matches(c, plugins)).toList();
            if (plugins.isEmpty() && components.isEmpty()) {
                throw unknown(kiln);
            }
            plugins.forEach(info -> print(out, info));
            components.forEach(component -> print(out, component));
        }
    }

    private static List<Component> components(Catalog catalog) {
        List<Component> all = new ArrayList<>();
        for (Point point : Point.values()) {
            Listing.at(catalog, point).forEach(line -> all.add(new Component(point, line)));
        }
        return all;
    }

    private boolean matches(Component component, List<PluginInfo> plugins) {
        return component.line().name().equals(name)
                || PluginsNewCommand.word(component.point()).equals(name)
                || plugins.stream()
                        .anyMatch(info -> info.label().equals(component.line().supplier()));
    }

    private InvalidInput unknown(KilnRuntime kiln) {
        TreeSet<String> names = new TreeSet<>();
        kiln.plugins().forEach(info -> names.add(info.id()));
        components(kiln.catalog()).forEach(component -> names.add(component.line().name()));
        names.addAll(PluginsNewCommand.points());
        String nearest =
                Spelling.nearest(name, names)
                        .map(word -> "; did you mean '" + word + "'?")
                        .orElse("");
        return new InvalidInput("there is no plugin or component '" + name + "'" + nearest);
    }

    private void print(PrintWriter out, PluginInfo info) {
        out.println(info.label());
        List<List<String>> rows = new ArrayList<>();
        add(rows, "does", info.description());
        add(rows, "provider", info.provider());
        add(rows, "license", info.license());
        add(rows, "requires", info.requires().isEmpty() ? "" : "SPI " + info.requires());
        add(rows, "depends on", String.join(", ", info.dependencies()));
        add(rows, "from", info.pin().map(this::installed).orElse("this installation"));
        add(rows, "SHA-256", info.pin().map(Pin::sha256).orElse(""));
        add(rows, "not used", info.problem().orElse(""));
        Table.print(out, rows, 2);
    }

    private String installed(Pin pin) {
        return "installed, "
                + pin.key().map(key -> PluginsListCommand.signer(store, key)).orElse("unsigned");
    }

    private static void add(List<List<String>> rows, String what, String text) {
        if (!text.isEmpty()) {
            rows.add(List.of(what, text));
        }
    }

    private static void print(PrintWriter out, Component component) {
        ExtensionLine line = component.line();
        out.printf(
                Locale.ROOT,
                "%s %s (%s)%n",
                component.point().word(),
                line.name(),
                line.supplier());
        line.options().forEach(option -> out.println("    " + PluginsListCommand.line(option)));
    }
}
