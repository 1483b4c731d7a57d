package dev.kiln.platform.cli;

import com.google.inject.Module;
import dev.kiln.platform.runtime.AutoBackendFactory;
import dev.kiln.platform.runtime.PlatformFactories;
import java.util.List;

/** The extensions that the platform itself supplies. */
final class PlatformExtensions {
    private PlatformExtensions() {}

    static Module module() {
        return PlatformFactories.of(List.of(AutoBackendFactory.class));
    }
}
