package dev.kiln.platform.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.pf4j.ClassLoadingStrategy;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginManager;

/**
 * Loads one plugin's classes: the shared ones and the JDK's from the platform, all others from the
 * plugin first, then from the plugins that it depends on.
 */
final class PluginLoader extends PluginClassLoader {

    PluginLoader(PluginManager manager, PluginDescriptor descriptor, ClassLoader window) {
        super(manager, descriptor, window, ClassLoadingStrategy.PDA);
    }

    /** Adds an unpacked archive: the classes in {@code classes}, the jars in {@code lib}. */
    void addArchive(Path folder) {
        addFile(folder.resolve("classes").toFile());
        Path libraries = folder.resolve("lib");
        if (Files.isDirectory(libraries)) {
            try (Stream<Path> files = Files.list(libraries)) {
                files.filter(file -> file.toString().endsWith(".jar"))
                        .sorted()
                        .forEach(file -> addFile(file.toFile()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
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
            Class<?> neighbor = loadClassFromDependencies(name);
            return neighbor != null ? neighbor : getParent().loadClass(name);
        }
    }
}
