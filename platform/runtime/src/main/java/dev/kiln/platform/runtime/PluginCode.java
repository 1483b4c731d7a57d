package dev.kiln.platform.runtime;

import java.util.Arrays;
import java.util.Optional;

/**
 * Code of a plugin that was found in a stack trace.
 *
 * @param plugin id and version, as in {@code plugin dilated 1.0.0}
 * @param id of the plugin
 * @param method with its class
 */
public record PluginCode(String plugin, String id, String method) {
    private static final String LOADER = "plugin ";

    /** How a plugin's class loader is named, and with it each of its frames. */
    static String loaderName(String id, String version) {
        return LOADER + id + " " + version;
    }

    /** The plugin's frame that is nearest to where a stack trace was taken; empty without any. */
    public static Optional<PluginCode> nearest(StackTraceElement... stack) {
        return Arrays.stream(stack).flatMap(frame -> of(frame).stream()).findFirst();
    }

    /** The frame nearest to where something was first thrown, causes before what they caused. */
    public static Optional<PluginCode> nearest(Throwable thrown) {
        return Optional.ofNullable(thrown.getCause())
                .flatMap(PluginCode::nearest)
                .or(() -> nearest(thrown.getStackTrace()));
    }

    private static Optional<PluginCode> of(StackTraceElement frame) {
        return Optional.ofNullable(frame.getClassLoaderName())
                .filter(name -> name.startsWith(LOADER))
                .map(
                        name ->
                                new PluginCode(
                                        name,
                                        name.substring(LOADER.length(), name.lastIndexOf(' ')),
                                        frame.getClassName() + "." + frame.getMethodName()));
    }

    @Override
    public String toString() {
        return method + " of " + plugin;
    }
}
