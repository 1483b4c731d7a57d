package dev.kiln.platform.runtime;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import dev.kiln.platform.config.Catalog;
import dev.kiln.platform.config.Catalog.Supplied;
import dev.kiln.platform.config.RunConfigReader;
import java.util.ArrayList;
import java.util.List;

/**
 * A started Kiln: the platform's own factories and those of all plugins, found by name. Thread-safe.
 * Closing it closes the plugins' class loaders, so close it when the last run is over.
 */
public final class KilnRuntime implements AutoCloseable {
    private final Plugins plugins;
    private final Catalog catalog;
    private final Injector injector;

    private KilnRuntime(Plugins plugins, Catalog catalog, Injector injector) {
        this.plugins = plugins;
        this.catalog = catalog;
        this.injector = injector;
    }

    /**
     * Loads an installation's plugins. Those that cannot be used are logged, one line each, and left
     * out. A plugin that ends the process before this is closed is logged too.
     *
     * @param modules bind what the platform supplies; see {@link PlatformFactories}
     * @throws dev.kiln.spi.InvalidInput when two extensions of one point have one name
     */
    public static KilnRuntime start(Installation installation, Module... modules) {
        if (System.getProperty("guice_custom_class_loading") == null) {
            // Guice's other way needs Unsafe, and the JVM warns of that.
            System.setProperty("guice_custom_class_loading", "CHILD");
        }
        LateCatalog late = new LateCatalog();
        List<Module> all = new ArrayList<>(List.of(modules));
        all.add(new ServicesModule(late));
        Injector services = Guice.createInjector(all);
        List<Supplied> platform =
                services.getInstance(PlatformFactories.SET).stream()
                        .map(factory -> new Supplied(factory, "platform"))
                        .toList();
        Plugins plugins = Plugins.load(installation, platform, services);
        try {
            List<Supplied> extensions = new ArrayList<>(platform);
            extensions.addAll(plugins.extensions());
            Catalog catalog = new Catalog(extensions, plugins.refusals());
            late.complete(catalog);
            Injector injector = services.createChildInjector(new ExtensionPoints(catalog));
            return new KilnRuntime(plugins, catalog, injector);
        } catch (RuntimeException e) {
            plugins.close();
            throw e;
        }
    }

    /** Everything that config can name. */
    public Catalog catalog() {
        return catalog;
    }

    /** Reads run files with these extensions. */
    public RunConfigReader configs() {
        return new RunConfigReader(catalog);
    }

    /** One line for each plugin that is not used, saying why. */
    public List<String> refusals() {
        return plugins.refusals();
    }

    /** All plugins of which an id is known, used or not, by id. */
    public List<PluginInfo> plugins() {
        return plugins.infos();
    }

    /**
     * Has all services, and for each extension point a map of its factories by name, for example
     * {@code Map<String, SamplerFactory<?>>}.
     */
    public Injector injector() {
        return injector;
    }

    @Override
    public void close() {
        plugins.close();
    }
}
