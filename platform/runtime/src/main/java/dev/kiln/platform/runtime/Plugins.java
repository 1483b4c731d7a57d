package dev.kiln.platform.runtime;

import com.google.inject.ConfigurationException;
import com.google.inject.Injector;
import dev.kiln.platform.config.Catalog;
import dev.kiln.platform.config.Catalog.Supplied;
import dev.kiln.platform.runtime.FoundArchives.Found;
import dev.kiln.spi.Factory;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginWrapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins of an installation and of its user, loaded. One that cannot be used is refused; the
 * others go on.
 */
final class Plugins implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);

    private final Installation installation;
    private final Discovery discovery;
    private final ExitHook exitHook;
    private final Map<Path, ArchiveCache> caches = new HashMap<>();
    private final ArchivePlugins manager;
    private final Set<String> disabled;
    private final Map<String, PluginInfo> infos = new TreeMap<>();
    private final List<PluginWrapper> usable = new ArrayList<>();
    private final List<Supplied> extensions = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();

    private Plugins(Installation installation) {
        this.installation = installation;
        this.discovery = Discovery.in(installation);
        this.manager = new ArchivePlugins(installation.plugins());
        this.disabled = DisabledPlugins.read(installation.disabled());
        this.exitHook = new ExitHook(discovery);
    }

    /**
     * Loads all archives that are there.
     *
     * @param platform extensions whose names no plugin that the user installed may take
     * @throws InvalidInput when there is no place to unpack them
     */
    static Plugins load(Installation installation, List<Supplied> platform, Injector injector) {
        // If that fails, then once for all plugins. JavaCPP takes this place unless its property
        // cachedir names another; left to itself it may take one in the temporary folder whose name
        // all know, and load what others put there.
        System.setProperty("org.bytedeco.javacpp.cacheDir", installation.natives().toString());
        Plugins plugins = new Plugins(installation);
        try {
            plugins.loadAll(platform, injector);
            return plugins;
        } catch (RuntimeException e) {
            plugins.close();
            throw e;
        }
    }

    private void loadAll(List<Supplied> platform, Injector injector) {
        manager.createWith(new GuiceExtensionFactory(injector));
        loadAll();
        while (refuseOneWithoutItsDependencies()) {
            // Others may have depended on that one.
        }
        usable.forEach(plugin -> createExtensions(plugin, platform));
    }

    private void loadAll() {
        try (StoreLock _ = StoreLock.shared(installation)) {
            FoundArchives.of(installation).forEach(this::load);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void load(Found found) {
        String label = found.label();
        try {
            if (found.problem().isPresent()) {
                throw new PluginRefused(found.problem().get());
            }
            Path folder = folder(found);
            PluginDescriptor descriptor = Manifests.read(folder);
            PluginInfo info = PluginInfo.of(descriptor, found.pin());
            label = info.label();
            checkIsPinned(info);
            checkIsAlone(info);
            infos.put(info.id(), info);
            load(folder, descriptor, info);
        } catch (PluginRefused e) {
            refuse(found, label, e);
        } catch (IOException | RuntimeException e) {
            refuse(found, label, PluginRefused.because("it cannot be loaded", e));
        }
    }

    private void load(Path folder, PluginDescriptor descriptor, PluginInfo info) {
        try {
            if (disabled.contains(info.id())) {
                // As the user wants it, so there is nothing to warn of.
                String line =
                        info.label() + " is disabled; 'kiln plugins enable " + info.id() + "'";
                refusals.add(line);
                note(info, line);
                return;
            }
            SpiVersion.check(SpiVersion.current(), descriptor.getRequires());
            usable.add(manager.getPlugin(manager.loadPlugin(folder)));
        } catch (PluginRefused e) {
            refuse(info, e);
        } catch (RuntimeException e) {
            refuse(info, PluginRefused.because("it cannot be loaded", e));
        }
    }

    private Path folder(Found found) throws IOException, PluginRefused {
        Path archive = found.archive();
        ArchiveCache cache = caches.computeIfAbsent(archive.getParent(), this::cache);
        return found.pin().isPresent()
                ? cache.installed(archive, found.sha256())
                : cache.bundled(archive, found.sha256());
    }

    private ArchiveCache cache(Path archives) {
        Path unpacked = installation.unpacked(archives);
        discovery.warnOfLeft(unpacked);
        return new ArchiveCache(unpacked);
    }

    private static void checkIsPinned(PluginInfo info) throws PluginRefused {
        Optional<Pin> pin = info.pin();
        if (pin.isPresent()
                && !(pin.get().id().equals(info.id())
                        && pin.get().version().equals(info.version()))) {
            throw new PluginRefused("plugins.lock has it as " + pin.get().label());
        }
    }

    private void checkIsAlone(PluginInfo info) throws PluginRefused {
        PluginInfo other = infos.get(info.id());
        if (other != null) {
            throw new PluginRefused("its id is that of " + other.label());
        }
    }

    private boolean refuseOneWithoutItsDependencies() {
        List<PluginDescriptor> all = usable.stream().map(PluginWrapper::getDescriptor).toList();
        for (PluginWrapper plugin : usable) {
            try {
                Dependencies.check(plugin.getDescriptor(), all);
            } catch (PluginRefused e) {
                refuse(info(plugin), e);
                return usable.remove(plugin);
            }
        }
        return false;
    }

    private PluginInfo info(PluginWrapper plugin) {
        return infos.get(plugin.getPluginId());
    }

    private void createExtensions(PluginWrapper plugin, List<Supplied> platform) {
        PluginInfo info = info(plugin);
        List<Supplied> others = Stream.concat(platform.stream(), extensions.stream()).toList();
        try {
            extensions.addAll(discovery.ask(info, () -> extensions(plugin, info, others)));
        } catch (PluginRefused e) {
            refuse(info, e);
        }
    }

    private List<Supplied> extensions(PluginWrapper plugin, PluginInfo info, List<Supplied> others)
            throws PluginRefused {
        List<Supplied> own = new ArrayList<>();
        for (String name : new TreeSet<>(manager.getExtensionClassNames(info.id()))) {
            own.add(new Supplied(create(plugin, name), info.label()));
        }
        if (info.pin().isPresent()) {
            checkDefaults(own);
            checkNames(own, others);
        }
        return own;
    }

    /** Those of the installation are checked by the build. */
    private static void checkDefaults(List<Supplied> own) throws PluginRefused {
        for (Supplied extension : own) {
            try {
                Catalog.checkDefaults(extension.factory());
            } catch (RuntimeException e) {
                throw PluginRefused.because("its " + extension.factory().name(), e);
            }
        }
    }

    private static void checkNames(List<Supplied> own, List<Supplied> others) throws PluginRefused {
        Optional<String> clash = Catalog.firstClash(own, others);
        if (clash.isPresent()) {
            throw new PluginRefused(clash.get());
        }
    }

    private Factory<?, ?> create(PluginWrapper plugin, String name) throws PluginRefused {
        try {
            // Initialized here, and not while the injector holds its lock.
            Class<?> type = Class.forName(name, true, plugin.getPluginClassLoader());
            Factory<?, ?> factory =
                    (Factory<?, ?>)
                            manager.getExtensionFactory().create(type.asSubclass(Factory.class));
            Catalog.check(factory);
            return factory;
        } catch (ConfigurationException e) { // its first message's first line says what is missing
            String message = e.getErrorMessages().iterator().next().getMessage();
            throw new PluginRefused(
                    "its extension "
                            + name
                            + " cannot be created: "
                            + message.lines().findFirst().orElse(""));
        } catch (Throwable e) { // it is others' code, which may throw anything
            throw PluginRefused.because("its extension " + name + " cannot be created", e);
        }
    }

    private void refuse(Found found, String label, PluginRefused reason) {
        String line = refuse(label, reason);
        found.pin()
                .map(PluginInfo::of)
                .ifPresent(info -> infos.putIfAbsent(info.id(), info.refused(line)));
    }

    private void refuse(PluginInfo info, PluginRefused reason) {
        note(info, refuse(info.label(), reason));
    }

    private String refuse(String label, PluginRefused reason) {
        String line = label + " was refused: " + reason.getMessage();
        LOG.warn(line);
        refusals.add(line);
        return line;
    }

    private void note(PluginInfo info, String line) {
        infos.put(info.id(), info.refused(line));
    }

    List<Supplied> extensions() {
        return List.copyOf(extensions);
    }

    /** One line for each plugin that is not used. */
    List<String> refusals() {
        return List.copyOf(refusals);
    }

    List<PluginInfo> infos() {
        return List.copyOf(infos.values());
    }

    @Override
    public void close() {
        exitHook.close();
        manager.unloadPlugins();
        caches.values().forEach(ArchiveCache::close);
    }
}
