package dev.kiln.kernels;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The memory that a process can still take without swapping: what the system has left, what its
 * control groups leave if that is less. Pages of files count as left, for they can be read again.
 */
public final class FreeMemory {
    private static final long KIB = 1024;

    private final Path root;

    /**
     * @param root where {@code proc} and {@code sys} are
     */
    FreeMemory(Path root) {
        this.root = root;
    }

    /** Bytes that are left now; where the system does not tell, all that it has. */
    public static long bytes() {
        return new FreeMemory(Path.of("/")).linux().orElseGet(FreeMemory::elsewhere);
    }

    /** Windows counts pages of files as left; macOS doesn't, and nearly all its memory is in use. */
    private static long elsewhere() {
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return system.getName().startsWith("Windows")
                ? system.getFreeMemorySize()
                : system.getTotalMemorySize();
    }

    /** Empty where this is no Linux. */
    OptionalLong linux() {
        OptionalLong machine = value(root.resolve("proc/meminfo"), "MemAvailable:");
        return machine.isEmpty()
                ? machine
                : OptionalLong.of(
                        groups().mapToLong(Group::left)
                                .reduce(machine.getAsLong() * KIB, Math::min));
    }

    /** The files that a version of control groups has, and the words for pages of files in them. */
    private enum Version {
        ONE(
                "sys/fs/cgroup/memory",
                "memory.limit_in_bytes",
                "memory.usage_in_bytes",
                List.of("total_inactive_file", "total_active_file")),
        TWO(
                "sys/fs/cgroup",
                "memory.max",
                "memory.current",
                List.of("inactive_file", "active_file"));

        private final String mount;
        private final String limit;
        private final String usage;
        private final List<String> filePages;

        Version(String mount, String limit, String usage, List<String> filePages) {
            this.mount = mount;
            this.limit = limit;
            this.usage = usage;
            this.filePages = filePages;
        }
    }

    private record Group(Path folder, Version version) {

        /** Bytes; all there are where no limit is set. */
        long left() {
            OptionalLong limit = number(version.limit);
            OptionalLong usage = number(version.usage);
            if (limit.isEmpty() || usage.isEmpty()) {
                return Long.MAX_VALUE;
            }
            long filePages =
                    version.filePages.stream()
                            .map(word -> value(folder.resolve("memory.stat"), word + " "))
                            .mapToLong(pages -> pages.orElse(0))
                            .sum();
            return Math.max(0, limit.getAsLong() - usage.getAsLong() + filePages);
        }

        private OptionalLong number(String file) {
            return value(folder.resolve(file), "");
        }
    }

    /** The process's own groups and those that they are in. */
    private Stream<Group> groups() {
        return lines(root.resolve("proc/self/cgroup")).stream()
                .map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3)
                .flatMap(
                        parts ->
                                List.of(parts[1].split(",")).contains("memory")
                                        ? groups(Version.ONE, parts[2])
                                        : parts[1].isEmpty()
                                                ? groups(Version.TWO, parts[2])
                                                : Stream.of());
    }

    /** In a container the path may be that of the machine, and the mount the container's own. */
    private Stream<Group> groups(Version version, String path) {
        Path mount = root.resolve(version.mount);
        Path own = mount.resolve(path.replaceFirst("^/+", "")).normalize();
        return Stream.iterate(
                        own.startsWith(mount) ? own : mount,
                        folder -> folder.startsWith(mount),
                        Path::getParent)
                .map(folder -> new Group(folder, version));
    }

    /** The number behind a word at the beginning of a line. */
    private static OptionalLong value(Path file, String word) {
        return lines(file).stream()
                .filter(line -> line.startsWith(word))
                .map(line -> line.substring(word.length()).strip().replaceAll("\\D.*", ""))
                .filter(digits -> !digits.isEmpty() && digits.length() < 19)
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
