package dev.kiln.platform.runtime;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.pf4j.PluginDependency;
import org.pf4j.PluginDescriptor;

/**
 * What there is to say of a plugin, used or not. Texts may be empty.
 *
 * @param requires the versions of the SPI that it runs with
 * @param dependencies on other plugins, as {@code id} or {@code id@range}
 * @param pin empty for a plugin of the installation
 * @param problem why it is not used, in a line that names it; empty when it is
 */
public record PluginInfo(
        String id,
        String version,
        String description,
        String provider,
        String license,
        String requires,
        List<String> dependencies,
        Optional<Pin> pin,
        Optional<String> problem) {
    private static final Pattern ANY_VERSION = Pattern.compile("@\\*$");

    static PluginInfo of(PluginDescriptor plugin, Optional<Pin> pin) {
        return new PluginInfo(
                plugin.getPluginId(),
                plugin.getVersion(),
                text(plugin.getPluginDescription()),
                text(plugin.getProvider()),
                text(plugin.getLicense()),
                plugin.getRequires(),
                plugin.getDependencies().stream().map(PluginInfo::text).toList(),
                pin,
                Optional.empty());
    }

    /** One of which no more is known. */
    static PluginInfo of(Pin pin) {
        return new PluginInfo(
                pin.id(),
                pin.version(),
                "",
                "",
                "",
                "",
                List.of(),
                Optional.of(pin),
                Optional.empty());
    }

    private static String text(PluginDependency dependency) {
        return ANY_VERSION
                .matcher(dependency.getPluginId() + "@" + dependency.getPluginVersionSupport())
                .replaceFirst("");
    }

    private static String text(String nullable) {
        return nullable == null ? "" : PluginRefused.plain(nullable);
    }

    PluginInfo refused(String line) {
        return new PluginInfo(
                id,
                version,
                description,
                provider,
                license,
                requires,
                dependencies,
                pin,
                Optional.of(line));
    }

    /** What its extensions are said to come from. */
    public String label() {
        return "plugin " + id + " " + version;
    }
}
