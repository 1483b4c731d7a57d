package dev.kiln.platform.cli;

import dev.kiln.platform.config.Catalog;
import dev.kiln.platform.config.Listing;
import dev.kiln.platform.config.Listing.ExtensionLine;
import dev.kiln.platform.config.Listing.OptionLine;
import dev.kiln.platform.config.Point;
import dev.kiln.platform.runtime.KilnRuntime;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kiln plugins}: lists the extension points with all that can stand there. */
@Command(
        name = "plugins",
        description = "Lists the extension points, who supplies what, and all options.",
        mixinStandardHelpOptions = true)
final class PluginsCommand implements Runnable {
    private final Supplier<KilnRuntime> runtimes;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    PluginsCommand(Supplier<KilnRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
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
                out.printf("  %s (%s)%n", extension.name(), extension.supplier());
                extension.options().forEach(option -> out.println("      " + line(option)));
            }
        }
    }

    private static String line(OptionLine option) {
        String fallback =
                option.required()
                        ? ", must be given"
                        : option.fallback().map(value -> ", default " + value).orElse("");
        String doc = option.doc().isEmpty() ? "" : ": " + option.doc();
        return option.name() + " (" + option.type() + fallback + ")" + doc;
    }
}
