package dev.kiln.platform.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The versions and the hardware that a run's figures were made with. */
final class Environment {
    private Environment() {}

    static String describe(String backend) {
        Runtime runtime = Runtime.getRuntime();
        return String.format(
                Locale.ROOT,
                """
                kiln: %s
                java: %s %s
                system: %s %s %s
                processor: %s
                cores: %d
                heap limit: %,d MiB
                backend: %s
                """,
                Optional.ofNullable(Environment.class.getPackage().getImplementationVersion())
                        .orElse("development"),
                System.getProperty("java.vm.name"),
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                processor(),
                runtime.availableProcessors(),
                runtime.maxMemory() >> 20,
                backend);
    }

    /** As Linux names it; elsewhere the architecture must do. */
    private static String processor() {
        Path linux = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(linux)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(linux)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElseGet(() -> System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
