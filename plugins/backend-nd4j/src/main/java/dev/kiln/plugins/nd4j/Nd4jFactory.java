package dev.kiln.plugins.nd4j;

import dev.kiln.spi.Context;
import dev.kiln.spi.backend.Availability;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.BackendFactory;
import org.pf4j.Extension;

/** {@code nd4j}: any CPU that ND4J has natives for. */
@Extension
public final class Nd4jFactory implements BackendFactory<Nd4jOptions> {
    private static final int RANK = 10;

    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public Class<Nd4jOptions> options() {
        return Nd4jOptions.class;
    }

    @Override
    public Availability availability() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return new Availability(
                    false, RANK, "Java was started without --add-modules jdk.incubator.vector");
        }
        String natives = "/org/bytedeco/openblas/" + Platform.name() + "/";
        return Nd4jFactory.class.getResource(natives) == null
                ? new Availability(false, RANK, "this build has no natives for " + Platform.name())
                : new Availability(true, RANK, "ND4J's OpenBLAS runs on any " + Platform.name());
    }

    /**
     * @throws dev.kiln.spi.InvalidInput when the native libraries do not load
     */
    @Override
    public Backend create(Nd4jOptions options, Context context) {
        return Nd4jBackend.open(threads(options));
    }

    int threads(Nd4jOptions options) {
        return options.threads() == 0
                ? Runtime.getRuntime().availableProcessors()
                : options.threads();
    }
}
