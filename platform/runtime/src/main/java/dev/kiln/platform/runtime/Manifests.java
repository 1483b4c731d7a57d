package dev.kiln.platform.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.PluginDependency;
import org.pf4j.PluginDescriptor;

/**
 * The manifests of unpacked plugins. A plugin's is that of {@code classes}, whatever other files of
 * the name are in its archive.
 */
final class Manifests extends ManifestPluginDescriptorFinder {
    static final String ID = "(?<id>[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?)";

    /** A semantic version. */
    static final String VERSION =
            "(?<version>\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}"
                    + "(?:-[0-9A-Za-z.-]{1,64})?(?:\\+[0-9A-Za-z.-]{1,64})?)";

    private static final Pattern IDS = Pattern.compile(ID);
    private static final Pattern VERSIONS = Pattern.compile(VERSION);
    private static final Path FILE = Path.of("classes", "META-INF", "MANIFEST.MF");
    private static final long MOST_BYTES = 1 << 20;

    /** Versions' ranges are parsed by recursion. */
    private static final int LONGEST_RANGE = 256;

    @Override
    protected Manifest readManifest(Path folder) {
        try (InputStream in = Files.newInputStream(folder.resolve(FILE))) {
            return new Manifest(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads and checks the manifest of an unpacked archive.
     *
     * @throws PluginRefused when there is none, or it lacks what every plugin has to say
     */
    static PluginDescriptor read(Path folder) throws PluginRefused {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file) || file.toFile().length() > MOST_BYTES) {
            throw new PluginRefused("it has no manifest: classes/META-INF/MANIFEST.MF");
        }
        PluginDescriptor descriptor = manifest(folder);
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
        checkLength("Plugin-Requires", descriptor.getRequires());
        for (PluginDependency dependency : descriptor.getDependencies()) {
            checkLength("Plugin-Dependencies", dependency.getPluginVersionSupport());
        }
        return descriptor;
    }

    private static void checkLength(String attribute, String range) throws PluginRefused {
        if (range.length() > LONGEST_RANGE) {
            throw new PluginRefused(
                    "its manifest's "
                            + attribute
                            + " has a range of more than "
                            + LONGEST_RANGE
                            + " characters");
        }
    }

    private static PluginDescriptor manifest(Path folder) throws PluginRefused {
        try {
            return new Manifests().find(folder);
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
