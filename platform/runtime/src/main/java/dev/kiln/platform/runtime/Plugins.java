package dev.kiln.platform.runtime;

import com.google.inject.Injector;
import dev.kiln.platform.config.Catalog;
import dev.kiln.platform.config.Catalog.Supplied;
import dev.kiln.spi.Factory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginState;
import org.pf4j.PluginWrapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugins of an installation, loaded. One that cannot be used is refused; the others go on. */
final class Plugins implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);

    private final ArchivePlugins manager;
    private final ArchiveCache cache;
    private final List<PluginWrapper> usable = new ArrayList<>();
    private final List<Supplied> extensions = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();

    private Plugins(Path unpacked) {
        this.manager = new ArchivePlugins(unpacked);
        this.cache = new ArchiveCache(unpacked);
    }

    /** Loads all archives in the installation's folder; without that folder there are none. */
    static Plugins load(Installation installation, Injector injector) {
        List<Path> archives = archives(installation.plugins());
        Path unpacked = archives.isEmpty() ? installation.plugins() : installation.unpacked();
        Plugins plugins = new Plugins(unpacked);
        plugins.manager.createWith(new GuiceExtensionFactory(injector));
        archives.forEach(plugins::load);
        while (plugins.refuseOneWithoutItsDependencies()) {
            // Others may have depended on that one.
        }
        plugins.usable.forEach(plugins::createExtensions);
        return plugins;
    }

    private static List<Path> archives(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".zip")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void load(Path archive) {
        String label = "plugin archive " + archive.getFileName();
        try {
            Path folder = cache.folder(archive);
            PluginDescriptor descriptor = new ManifestPluginDescriptorFinder().find(folder);
            label = label(descriptor);
            SpiVersion.check(SpiVersion.current(), descriptor.getRequires());
            usable.add(manager.getPlugin(manager.loadPlugin(folder)));
        } catch (PluginRefused e) {
            refuse(label, e);
        } catch (IOException | RuntimeException e) {
            refuse(label, PluginRefused.because("it cannot be loaded", e));
        }
    }

    private boolean refuseOneWithoutItsDependencies() {
        List<PluginDescriptor> all = usable.stream().map(PluginWrapper::getDescriptor).toList();
        for (PluginWrapper plugin : usable) {
            try {
                Dependencies.check(plugin.getDescriptor(), all);
            } catch (PluginRefused e) {
                refuse(label(plugin.getDescriptor()), e);
                return usable.remove(plugin);
            }
        }
        return false;
    }

    private void createExtensions(PluginWrapper plugin) {
        String label = label(plugin.getDescriptor());
        try {
            if (plugin.getPluginState() == PluginState.DISABLED) {
                throw new PluginRefused("it is disabled");
            }
            List<Supplied> own = new ArrayList<>();
            for (String name :
                    new TreeSet<>(manager.getExtensionClassNames(plugin.getPluginId()))) {
                own.add(new Supplied(create(plugin, name), label));
            }
            extensions.addAll(own);
        } catch (PluginRefused e) {
            refuse(label, e);
        }
    }

    private Factory<?, ?> create(PluginWrapper plugin, String name) throws PluginRefused {
        try {
            Class<?> type = plugin.getPluginClassLoader().loadClass(name);
            Factory<?, ?> factory =
                    (Factory<?, ?>)
                            manager.getExtensionFactory().create(type.asSubclass(Factory.class));
            Catalog.check(factory);
            return factory;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            throw PluginRefused.because("its extension " + name + " cannot be created", e);
        }
    }

    private void refuse(String label, PluginRefused reason) {
        String line = label + " was refused: " + reason.getMessage();
        refusals.add(line);
        LOG.warn(line);
    }

    private static String label(PluginDescriptor descriptor) {
        return "plugin " + descriptor.getPluginId() + " " + descriptor.getVersion();
    }

    List<Supplied> extensions() {
        return List.copyOf(extensions);
    }

    /** One line for each plugin that is not used. */
    List<String> refusals() {
        return List.copyOf(refusals);
    }

    @Override
    public void close() {
        manager.unloadPlugins();
        cache.close();
    }
}
