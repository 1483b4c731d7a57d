package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.Installation;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.PluginStore;
import java.util.function.Supplier;

/**
 * What commands work with.
 *
 * @param installation what the verbs that start nothing look at
 * @param runtimes starts Kiln for the verbs that need it; they close it
 * @param pipes what verbs that pass data on read and write
 */
record Services(Installation installation, Supplier<KilnRuntime> runtimes, Pipes pipes) {

    PluginStore store() {
        return new PluginStore(installation);
    }
}
