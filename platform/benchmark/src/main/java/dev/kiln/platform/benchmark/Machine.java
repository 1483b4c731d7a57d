package dev.kiln.platform.benchmark;

import dev.kiln.spi.backend.Capabilities;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What figures were taken on. */
public final class Machine {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final Path STATUS = Path.of("/proc/self/status");

    private Machine() {}

    /** Processor, its threads, Java and system, by name. */
    public static Map<String, Object> describe() {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put(
                "processor", value(PROCESSORS, "model name").orElse(System.getProperty("os.arch")));
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("system", property("os.name") + " " + property("os.version"));
        machine.put("java", property("java.vendor") + " " + property("java.runtime.version"));
        return machine;
    }

    /** The same, and what computes. */
    static Map<String, Object> describe(String backend, Capabilities capabilities) {
        Map<String, Object> computes = new LinkedHashMap<>();
        computes.put("backend", backend);
        computes.put("device", capabilities.device());
        computes.put("threads", capabilities.threads());
        return computes;
    }

    private static String property(String name) {
        return System.getProperty(name);
    }

    /** Most bytes of memory that this process has held, where the system tells. */
    static OptionalDouble peakMemory() {
        return value(STATUS, "VmHWM").stream()
                .mapToDouble(line -> 1024 * Double.parseDouble(line.replace("kB", "").strip()))
                .findFirst();
    }

    private static Optional<String> value(Path file, String key) {
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
