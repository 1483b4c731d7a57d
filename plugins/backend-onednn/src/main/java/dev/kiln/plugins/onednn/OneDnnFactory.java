package dev.kiln.plugins.onednn;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Availability;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.BackendFactory;
import org.pf4j.Extension;

/** {@code onednn}: the CPUs that oneDNN has natives for. */
@Extension
public final class OneDnnFactory implements BackendFactory<OneDnnOptions> {
    private static final int RANK = 20;

    @Override
    public String name() {
        return "onednn";
    }

    @Override
    public Class<OneDnnOptions> options() {
        return OneDnnOptions.class;
    }

    @Override
    public Availability availability() {
        return availability(Platform.name());
    }

    /** On a platform as JavaCPP calls it. */
    static Availability availability(String platform) {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return new Availability(
                    false, RANK, "Java was started without --add-modules jdk.incubator.vector");
        }
        String natives = "/org/bytedeco/dnnl/" + platform + "/";
        return OneDnnFactory.class.getResource(natives) == null
                ? new Availability(false, RANK, "this build has no oneDNN for " + platform)
                : new Availability(true, RANK, "oneDNN has code for this " + platform);
    }

    /**
     * @throws InvalidInput when this isn't available, or the native libraries do not load
     */
    @Override
    public Backend create(OneDnnOptions options, Context context) {
        Availability here = availability();
        if (!here.usable()) {
            throw new InvalidInput("backend onednn does not start here: " + here.reason());
        }
        return OneDnnBackend.open(threads(options));
    }

    int threads(OneDnnOptions options) {
        return options.threads() == 0
                ? Runtime.getRuntime().availableProcessors()
                : options.threads();
    }
}
