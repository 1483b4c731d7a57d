package dev.kiln.platform.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.pf4j.PluginDependency;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginManager;

/**
 * Loads one plugin's classes: the shared ones and the JDK's from the platform, all others from the
 * plugin first, then from the plugins that it depends on. Stack traces have its name, by which {@link
 * PluginCode} knows whose code is in them; PF4J's own loader has none.
 */
final class PluginLoader extends URLClassLoader {
    private final PluginManager manager;
    private final List<String> dependencies;

    PluginLoader(PluginManager manager, PluginDescriptor descriptor, ClassLoader window) {
        super(
                PluginCode.loaderName(descriptor.getPluginId(), descriptor.getVersion()),
                new URL[0],
                window);
        this.manager = manager;
        this.dependencies =
                descriptor.getDependencies().stream().map(PluginDependency::getPluginId).toList();
    }

    /** Adds an unpacked archive: the classes in {@code classes}, the jars in {@code lib}. */
    void addArchive(Path folder) {
        add(folder.resolve("classes"));
        Path libraries = folder.resolve("lib");
        if (Files.isDirectory(libraries)) {
            try (Stream<Path> files = Files.list(libraries)) {
                files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(this::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void add(Path classes) {
        try {
            addURL(classes.toUri().toURL());
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Class<?> loadClass(String name) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            if (PlatformWindow.isShared(name) || name.startsWith("java.")) {
                return getParent().loadClass(name);
            }
            return name.startsWith("javax.") ? platformFirst(name) : pluginFirst(name);
        }
    }

    private Class<?> platformFirst(String name) throws ClassNotFoundException {
        try {
            return getParent().loadClass(name);
        } catch (ClassNotFoundException e) {
            return pluginFirst(name);
        }
    }

    private Class<?> pluginFirst(String name) throws ClassNotFoundException {
        try {
            return findClass(name);
        } catch (ClassNotFoundException e) {
            return neighborFirst(name);
        }
    }

    private Class<?> neighborFirst(String name) throws ClassNotFoundException {
        for (ClassLoader neighbor : neighbors()) {
            try {
                return neighbor.loadClass(name);
            } catch (ClassNotFoundException e) {
                // Another may have it.
            }
        }
        return getParent().loadClass(name);
    }

    /** The loaders of the plugins that it depends on and that are here. */
    private List<PluginLoader> neighbors() {
        return dependencies.stream()
                .map(manager::getPluginClassLoader)
                .filter(Objects::nonNull)
                .map(PluginLoader.class::cast)
                .toList();
    }

    @Override
    public URL getResource(String name) {
        return Stream.concat(Stream.of(this), neighbors().stream())
                .map(loader -> loader.findResource(name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> getParent().getResource(name));
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> all = new ArrayList<>(Collections.list(findResources(name)));
        for (PluginLoader neighbor : neighbors()) {
            all.addAll(Collections.list(neighbor.findResources(name)));
        }
        all.addAll(Collections.list(getParent().getResources(name)));
        return Collections.enumeration(all);
    }
}
