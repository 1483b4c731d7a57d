package dev.kiln.platform.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.pf4j.DefaultVersionManager;

/** The version of the SPI, and whether a plugin fits it. */
public final class SpiVersion {
    private SpiVersion() {}

    /** This SPI's version, for example {@code 0.1.0}. */
    public static String current() {
        try (InputStream in = SpiVersion.class.getResourceAsStream("spi.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            // A snapshot of a version must do for plugins that require the version.
            return properties.getProperty("version").replaceFirst("-SNAPSHOT$", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Holds a range against a version.
     *
     * @param required a semver range as in {@code Plugin-Requires}
     * @throws PluginRefused when the version is not in the range, or the range is none
     */
    static void check(String version, String required) throws PluginRefused {
        boolean fits;
        try {
            fits = new DefaultVersionManager().checkVersionConstraint(version, required);
        } catch (RuntimeException e) {
            throw new PluginRefused(
                    "its Plugin-Requires '" + required + "' is no range of versions");
        }
        if (!fits) {
            throw new PluginRefused("it needs SPI " + required + ", and this is " + version);
        }
    }
}
