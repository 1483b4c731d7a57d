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
import dev.kiln.spi.backend.Capabilities;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backend {@code auto}: the usable one of the highest rank that starts, with its default
 * options. Which one it is, and what was passed over, goes to the log.
 */
public final class AutoBackendFactory implements BackendFactory<NoOptions> {
    private static final Logger LOG = LoggerFactory.getLogger(AutoBackendFactory.class);

    /** What config calls it. */
    public static final String NAME = "auto";

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
        return usable(candidates())
                .findFirst()
                .map(Candidate::availability)
                .orElse(new Availability(false, 0, "no other backend is usable"));
    }

    @Override
    public Backend create(NoOptions options, Context context) {
        Catalog here = catalog.get();
        List<Candidate> all = candidates();
        List<String> passedOver = new ArrayList<>();
        all.stream()
                .filter(candidate -> !candidate.availability().usable())
                .map(Candidate::line)
                .forEach(passedOver::add);
        for (Candidate candidate : usable(all).toList()) {
            try {
                Backend backend = DefaultOptions.choose(candidate.factory(), here).create(context);
                tell(candidate, passedOver);
                return backend;
            } catch (InvalidInput e) {
                passedOver.add(candidate.factory().name() + ": " + e.getMessage());
            }
        }
        throw none(passedOver);
    }

    /**
     * A backend that was started, or not.
     *
     * @param reason what speaks for it, or why it does not start
     * @param capabilities empty when it does not start
     */
    public record Tried(String name, String reason, Optional<Capabilities> capabilities) {}

    /** Starts every backend and closes it again: those that may run by rank, then the others. */
    public List<Tried> tryAll(Context context) {
        List<Candidate> all = candidates();
        return Stream.concat(
                        usable(all),
                        all.stream().filter(candidate -> !candidate.availability().usable()))
                .map(candidate -> attempt(candidate, context))
                .toList();
    }

    private Tried attempt(Candidate candidate, Context context) {
        String name = candidate.factory().name();
        String reason = candidate.availability().reason();
        if (!candidate.availability().usable()) {
            return new Tried(name, reason, Optional.empty());
        }
        try (Backend backend =
                DefaultOptions.choose(candidate.factory(), catalog.get()).create(context)) {
            return new Tried(name, reason, Optional.of(backend.capabilities()));
        } catch (InvalidInput e) {
            return new Tried(name, e.getMessage(), Optional.empty());
        }
    }

    private static void tell(Candidate taken, List<String> passedOver) {
        LOG.info("backend {}", taken.line());
        passedOver.forEach(line -> LOG.info("backend not taken: {}", line));
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

    private static Stream<Candidate> usable(List<Candidate> all) {
        Comparator<Candidate> byRank =
                Comparator.comparingInt(candidate -> candidate.availability().rank());
        return all.stream()
                .filter(candidate -> candidate.availability().usable())
                .sorted(byRank.reversed());
    }

    private static InvalidInput none(List<String> passedOver) {
        return new InvalidInput(
                passedOver.isEmpty()
                        ? "there is no backend: put the archive of a backend into the folder plugins"
                        : "no backend can run here: " + String.join("; ", passedOver));
    }
}
