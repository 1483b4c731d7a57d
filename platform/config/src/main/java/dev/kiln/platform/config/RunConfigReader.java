package dev.kiln.platform.config;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Factory;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads run files. Thread-safe. */
public final class RunConfigReader {
    private final Catalog catalog;
    private final Binder binder;
    private final Variables variables;

    /** Reads with the process's environment variables. */
    public RunConfigReader(Catalog catalog) {
        this(catalog, name -> Optional.ofNullable(System.getenv(name)));
    }

    RunConfigReader(Catalog catalog, Function<String, Optional<String>> environment) {
        this.catalog = catalog;
        this.binder = new Binder(catalog);
        this.variables = Variables.of(environment);
    }

    /** What every run has beside its options. */
    record Header(
            @Doc("Where all of the run's randomness comes from") @Default("1337") long seed,
            @Doc("The folder to write to; by default runs/ and the name of the file")
                    Optional<Path> out) {}

    /**
     * Reads a run file, expands its {@code ${VARIABLE}}, and applies overrides, in which a shell has
     * expanded them.
     *
     * @param overrides each {@code key=value} or {@code key.key=value}; applied in order, last
     * @throws InvalidInput for whatever is wrong with them, in one line that says where
     */
    public RunConfig read(Path file, List<String> overrides) {
        List<Node> layers = new ArrayList<>(RunFiles.layers(file, variables));
        Place home = layers.getLast().place();
        overrides.forEach(override -> layers.add(Overrides.parse(override)));
        Layered all = new Layered(List.copyOf(layers), home);
        Choice<Run> run = run(all);
        Header header = binder.record(Header.class, "", all, Binder.Others.ANY);
        return new RunConfig(run, header.seed(), header.out().orElse(defaultOut(file)), file);
    }

    @SuppressWarnings("unchecked") // the run's factories create runs
    private Choice<Run> run(Layered all) {
        Layered given = all.child("run");
        if (given.nodes().isEmpty()) {
            String kinds = String.join(", ", catalog.names(RunFactory.class));
            throw given.home().error("option 'run' is missing: what to do, one of " + kinds);
        }
        String name = Scalars.scalar(given.last(), "one word", "'run'").text();
        Factory<?, ?> factory =
                catalog.lookup(Point.RUN, name)
                        .orElseThrow(() -> given.place().error(catalog.unknown(Point.RUN, name)));
        return (Choice<Run>) new Choices(catalog, binder).bind(factory, Point.RUN, all);
    }

    private static Path defaultOut(Path file) {
        String name = Optional.ofNullable(file.getFileName()).map(Path::toString).orElse("run");
        return Path.of("runs", name.replaceFirst("\\.ya?ml$", ""));
    }
}
