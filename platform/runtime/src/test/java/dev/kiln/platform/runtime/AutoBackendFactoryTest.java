package dev.kiln.platform.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.platform.config.Catalog;
import dev.kiln.platform.config.Catalog.Supplied;
import dev.kiln.platform.runtime.AutoBackendFactory.Tried;
import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Factory;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.backend.Availability;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.BackendFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AutoBackendFactoryTest {
    private static final RunContext CONTEXT =
            new RunContext(1, Path.of("/s"), Path.of("/h"), Path.of("/r"));

    record ThreadOptions(@Default("2") int threads) {}

    /** Ends creation by telling what would have been created. */
    private static final class Started extends RuntimeException {
        private static final long serialVersionUID = 1;

        Started(String what) {
            super(what);
        }
    }

    /** Says by an exception that it was asked to create, or that it can't. */
    record Named(String name, Supplier<Availability> told, boolean starts)
            implements BackendFactory<ThreadOptions> {
        @Override
        public Class<ThreadOptions> options() {
            return ThreadOptions.class;
        }

        @Override
        public Availability availability() {
            return told.get();
        }

        @Override
        public Backend create(ThreadOptions options, Context context) {
            if (!starts) {
                throw new InvalidInput("its library does not load");
            }
            throw new Started(name + " with " + options.threads() + " threads");
        }
    }

    private static Named usable(String name, int rank) {
        return new Named(name, () -> new Availability(true, rank, "it runs"), true);
    }

    private static AutoBackendFactory among(Factory<?, ?>... others) {
        LateCatalog late = new LateCatalog();
        AutoBackendFactory auto = new AutoBackendFactory(late);
        List<Supplied> all =
                Stream.concat(Stream.of(auto), Stream.of(others))
                        .map(factory -> new Supplied(factory, "test"))
                        .toList();
        late.complete(new Catalog(all, List.of()));
        return auto;
    }

    private static String create(Factory<?, ?>... others) {
        AutoBackendFactory auto = among(others);
        RuntimeException error =
                assertThrows(RuntimeException.class, () -> auto.create(new NoOptions(), CONTEXT));
        return error.getCause() instanceof Started started
                ? started.getMessage()
                : error.getMessage();
    }

    @Test
    void takesTheUsableOneOfTheHighestRankWithItsDefaults() {
        Named gpu = new Named("gpu", () -> new Availability(false, 30, "no GPU"), true);
        assertEquals(
                "fast with 2 threads", create(usable("portable", 10), usable("fast", 20), gpu));
    }

    @Test
    void oneThatDoesNotStartIsPassedOver() {
        Named broken = new Named("fast", () -> new Availability(true, 20, "it seems"), false);
        assertEquals("portable with 2 threads", create(broken, usable("portable", 10)));
        assertEquals("no backend can run here: fast: its library does not load", create(broken));
    }

    @Test
    void withNoneUsableItSaysWhyForEach() {
        Named gpu = new Named("gpu", () -> new Availability(false, 30, "no GPU"), true);
        Named odd =
                new Named(
                        "odd",
                        () -> {
                            throw new UnsatisfiedLinkError("no library");
                        },
                        true);
        assertEquals(
                "no backend can run here: gpu: no GPU; odd: failed: UnsatisfiedLinkError: no library",
                create(gpu, odd));
    }

    @Test
    void triesThoseThatMayRunByRankThenTellsWhyTheOthersDoNot() {
        Named gpu = new Named("gpu", () -> new Availability(false, 30, "no GPU"), true);
        Named slow = new Named("slow", () -> new Availability(true, 10, "it seems"), false);
        Named fast = new Named("fast", () -> new Availability(true, 20, "it seems"), false);
        assertEquals(
                List.of(
                        new Tried("fast", "its library does not load", Optional.empty()),
                        new Tried("slow", "its library does not load", Optional.empty()),
                        new Tried("gpu", "no GPU", Optional.empty())),
                among(gpu, slow, fast).tryAll(CONTEXT));
    }

    @Test
    void withNoneAtAllItSaysWhatToDo() {
        assertEquals(
                "there is no backend: put the archive of a backend into the folder plugins",
                create());
    }
}
