package dev.kiln.platform.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.PluginDescriptor;

/** The manifests of unpacked plugins. */
final class Manifests {
    static final String ID = "(?<id>[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?)";

    /** A semantic version. */
    static final String VERSION =
            "(?<version>\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}"
                    + "(?:-[0-9A-Za-z.-]{1,64})?(?:\\+[0-9A-Za-z.-]{1,64})?)";

    private static final Pattern IDS = Pattern.compile(ID);
    private static final Pattern VERSIONS = Pattern.compile(VERSION);
    private static final long MOST_BYTES = 1 << 20;

    private Manifests() {}

    /**
     * Reads and checks the manifest of an unpacked archive.
     *
     * @throws PluginRefused when there is none, or it lacks what every plugin has to say
     */
    static PluginDescriptor read(Path folder) throws PluginRefused {
        Path file = folder.resolve("classes/META-INF/MANIFEST.MF");
        if (!Files.isRegularFile(file) || file.toFile().length() > MOST_BYTES) {
            throw new PluginRefused("it has no manifest: classes/META-INF/MANIFEST.MF");
        }
        PluginDescriptor descriptor = find(folder);
        check("Plugin-Id", descriptor.getPluginId(), IDS, "of a-z, 0-9, '.', '_' and '-'");
        check("Plugin-Version", descriptor.getVersion(), VERSIONS, "such as 1.0.0");
        if (EntryNames.isDevice(descriptor.getPluginId())) {
            throw new PluginRefused("its Plugin-Id is the name of a device on some systems");
        }
        if (descriptor.getRequires().equals("*")) {
            throw new PluginRefused(
                    "its manifest's Plugin-Requires must say with which SPI it runs, for example '>="
                            + SpiVersion.current()
                            + "'");
        }
        return descriptor;
    }

    private static PluginDescriptor find(Path folder) throws PluginRefused {
        try {
            return new ManifestPluginDescriptorFinder().find(folder);
        } catch (RuntimeException e) {
            throw PluginRefused.because("its manifest is broken", e);
        }
    }

    private static void check(String attribute, String value, Pattern form, String expected)
            throws PluginRefused {
        String found = Optional.ofNullable(value).orElse("");
        if (!form.matcher(found).matches()) {
            throw new PluginRefused(
                    "its manifest's "
                            + attribute
                            + " must be "
                            + expected
                            + ", found "
                            + PluginRefused.quote(found));
        }
    }
}
