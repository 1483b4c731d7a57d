package dev.kiln.plugins.onednn;

import java.util.Locale;

/** The name that JavaCPP gives to this platform, found without loading JavaCPP. */
final class Platform {
    private Platform() {}

    static String name() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return system(system) + "-" + processor(processor);
    }

    private static String system(String name) {
        if (name.startsWith("mac")) {
            return "macosx";
        }
        return name.startsWith("windows") ? "windows" : name;
    }

    private static String processor(String name) {
        return switch (name) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "arm64";
            default -> name;
        };
    }
}
