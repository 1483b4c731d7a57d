package dev.kiln.platform.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The machine, and how much of it this process may use.
 *
 * @param instructions those of the processor that kernels make use of, by Linux's names; empty where
 *     the system does not tell
 * @param processors hardware threads of the machine
 * @param usableProcessors those that this process may run on
 * @param memory bytes of the machine
 * @param usableMemory bytes that this process may have; less than memory in a container with a limit
 * @param hugePages {@code always}, {@code madvise} or {@code never}; empty where there is no such
 *     setting
 */
record Host(
        String system,
        String processor,
        Optional<Set<String>> instructions,
        int processors,
        int usableProcessors,
        long memory,
        long usableMemory,
        Optional<String> hugePages) {
    private static final Set<String> OF_INTEREST =
            Set.of(
                    "avx2",
                    "avx512f",
                    "avx512_bf16",
                    "avx512_vnni",
                    "avx_vnni",
                    "amx_bf16",
                    "amx_int8",
                    "asimd",
                    "sve",
                    "sve2",
                    "bf16",
                    "i8mm");
    private static final Set<String> BFLOAT16 = Set.of("avx512_bf16", "amx_bf16", "bf16");
    private static final Pattern CHOSEN = Pattern.compile("\\[(\\w+)\\]");

    static Host here() {
        OperatingSystemMXBean bean =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return read(
                Path.of("/"),
                Runtime.getRuntime().availableProcessors(),
                bean.getTotalMemorySize());
    }

    /**
     * @param root where {@code proc} and {@code sys} are, if anywhere
     */
    static Host read(Path root, int usableProcessors, long usableMemory) {
        List<String> cpu = lines(root.resolve("proc/cpuinfo"));
        List<String> memory = lines(root.resolve("proc/meminfo"));
        long processors = cpu.stream().filter(line -> line.matches("processor\\s*:.*")).count();
        return new Host(
                String.format(
                        Locale.ROOT,
                        "%s %s, %s",
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch")),
                value(cpu, "model name").orElse(System.getProperty("os.arch")),
                value(cpu, "flags").or(() -> value(cpu, "Features")).map(Host::ofInterest),
                Math.max((int) processors, usableProcessors),
                usableProcessors,
                value(memory, "MemTotal").map(Host::kibibytes).orElse(usableMemory),
                usableMemory,
                lines(root.resolve("sys/kernel/mm/transparent_hugepage/enabled")).stream()
                        .map(CHOSEN::matcher)
                        .filter(Matcher::find)
                        .map(matcher -> matcher.group(1))
                        .findFirst());
    }

    private static Set<String> ofInterest(String flags) {
        Set<String> known = new TreeSet<>(List.of(flags.split(" ")));
        known.retainAll(OF_INTEREST);
        return known;
    }

    private static long kibibytes(String text) {
        return 1024 * Long.parseLong(text.replace("kB", "").strip());
    }

    private static Optional<String> value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key) && line.contains(":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Whether it is known that the processor can't multiply bfloat16. */
    boolean lacksBfloat16() {
        return instructions.isPresent()
                && instructions.get().stream().noneMatch(BFLOAT16::contains);
    }
}
