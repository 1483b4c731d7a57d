package dev.kiln.platform.runtime;

import java.nio.file.Path;
import org.pf4j.DefaultPluginManager;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;

/**
 * PF4J's plugin manager with Kiln's class loaders. Plugins are given to it one by one, in any order,
 * and are held against their dependencies when all are there.
 */
final class ArchivePlugins extends DefaultPluginManager {

    ArchivePlugins(Path root) {
        super(root);
    }

    @Override
    protected PluginDescriptorFinder createPluginDescriptorFinder() {
        return new Manifests();
    }

    @Override
    protected org.pf4j.PluginLoader createPluginLoader() {
        PlatformWindow window = new PlatformWindow(ArchivePlugins.class.getClassLoader());
        return new org.pf4j.PluginLoader() {
            @Override
            public boolean isApplicable(Path folder) {
                return true;
            }

            @Override
            public ClassLoader loadPlugin(Path folder, PluginDescriptor descriptor) {
                PluginLoader loader = new PluginLoader(ArchivePlugins.this, descriptor, window);
                loader.addArchive(folder);
                return loader;
            }
        };
    }

    /** Does nothing: after each plugin it would be too early; see {@link Dependencies}. */
    @Override
    protected void resolvePlugins() {}

    /** Creates extensions through an injector from now on. */
    void createWith(GuiceExtensionFactory factory) {
        this.extensionFactory = factory;
    }

    /** Unloads one plugin and not those that depend on it: each is refused by its own name. */
    void unloadAlone(String id) {
        unloadPlugin(id, false);
    }
}
