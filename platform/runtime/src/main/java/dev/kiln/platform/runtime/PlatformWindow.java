package dev.kiln.platform.runtime;

import java.util.List;

/**
 * What plugins see of the platform: the JDK, and the few packages that they share with it. None of
 * the platform's other libraries shows through.
 */
final class PlatformWindow extends ClassLoader {
    private static final List<String> SHARED =
            List.of(
                    "dev.kiln.spi.",
                    "dev.kiln.toolkit.",
                    "org.pf4j.",
                    "jakarta.inject.",
                    "org.jspecify.",
                    "org.slf4j.");

    private final ClassLoader platform;

    PlatformWindow(ClassLoader platform) {
        super("kiln-platform-window", ClassLoader.getPlatformClassLoader());
        this.platform = platform;
    }

    /** Whether a class is the platform's even if a plugin brings one of that name. */
    static boolean isShared(String name) {
        return SHARED.stream().anyMatch(name::startsWith);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (isShared(name)) {
            return platform.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
