package dev.kiln.platform.cli;

import com.google.inject.Module;
import dev.kiln.platform.inference.GenerateFactory;
import dev.kiln.platform.runtime.AutoBackendFactory;
import dev.kiln.platform.runtime.PlatformFactories;
import dev.kiln.platform.training.PretrainFactory;
import java.util.List;

/** The extensions that the platform itself supplies. */
final class PlatformExtensions {
    private PlatformExtensions() {}

    static Module module() {
        return PlatformFactories.of(
                List.of(AutoBackendFactory.class, PretrainFactory.class, GenerateFactory.class));
    }
}
