package dev.kiln.platform.runtime;

import dev.kiln.platform.config.Catalog;
import dev.kiln.platform.config.DefaultOptions;
import dev.kiln.platform.config.Point;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.backend.Availability;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.BackendFactory;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backend {@code auto}: the usable one of the highest rank, with its default options. */
public final class AutoBackendFactory implements BackendFactory<NoOptions> {
    private static final Logger LOG = LoggerFactory.getLogger(AutoBackendFactory.class);
    private static final String NAME = "auto";

    private final LateCatalog catalog;

    @Inject
    AutoBackendFactory(LateCatalog catalog) {
        this.catalog = catalog;
    }

    private record Candidate(BackendFactory<?> factory, Availability availability) {
        String line() {
            return factory.name() + ": " + availability.reason();
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<NoOptions> options() {
        return NoOptions.class;
    }

    @Override
    public Availability availability() {
        return best(candidates())
                .map(Candidate::availability)
                .orElse(new Availability(false, 0, "no other backend is usable"));
    }

    @Override
    public Backend create(NoOptions options, Context context) {
        Catalog here = catalog.get();
        List<Candidate> all = candidates();
        Candidate best = best(all).orElseThrow(() -> none(all));
        LOG.info("backend {}", best.line());
        return DefaultOptions.choose(best.factory(), here).create(context);
    }

    private List<Candidate> candidates() {
        return catalog.get().at(Point.BACKEND).values().stream()
                .map(supplied -> (BackendFactory<?>) supplied.factory())
                .filter(factory -> !factory.name().equals(NAME))
                .map(factory -> new Candidate(factory, ask(factory)))
                .toList();
    }

    /** A backend that fails to tell is one that cannot run. */
    private static Availability ask(BackendFactory<?> factory) {
        try {
            return factory.availability();
        } catch (RuntimeException | LinkageError e) {
            return new Availability(false, 0, PluginRefused.because("failed", e).getMessage());
        }
    }

    private static Optional<Candidate> best(List<Candidate> all) {
        return all.stream()
                .filter(candidate -> candidate.availability().usable())
                .max(Comparator.comparingInt(candidate -> candidate.availability().rank()));
    }

    private static InvalidInput none(List<Candidate> all) {
        return new InvalidInput(
                all.isEmpty()
                        ? "there is no backend: put the archive of a backend into the folder plugins"
                        : "no backend can run here: "
                                + all.stream()
                                        .map(Candidate::line)
                                        .collect(Collectors.joining("; ")));
    }
}
