package dev.kiln.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as proc(5) and the kernel's two documents on control groups describe them. */
class FreeMemoryTest {
    @TempDir private Path root;

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private OptionalLong left() {
        return new FreeMemory(root).linux();
    }

    private void machine(long kib) throws IOException {
        write("proc/meminfo", "MemTotal: 9000000 kB\nMemAvailable:   %d kB\n".formatted(kib));
    }

    @Test
    void aMachineWithoutLimitsHasWhatItTells() throws IOException {
        machine(4000);
        assertEquals(OptionalLong.of(4000 * 1024), left());
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "max\n");
        write("sys/fs/cgroup/memory.current", "1000\n");
        assertEquals(OptionalLong.of(4000 * 1024), left());
    }

    @Test
    void theNarrowestGroupAboveTheProcessCounts() throws IOException {
        machine(4000);
        write("proc/self/cgroup", "0::/outer/inner\n");
        write("sys/fs/cgroup/outer/inner/memory.max", "3000000\n");
        write("sys/fs/cgroup/outer/inner/memory.current", "1000\n");
        write("sys/fs/cgroup/outer/memory.max", "2000000\n");
        write("sys/fs/cgroup/outer/memory.current", "500000\n");
        assertEquals(OptionalLong.of(1_500_000), left());
    }

    @Test
    void pagesOfFilesAreLeft() throws IOException {
        machine(4000);
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "2000000\n");
        write("sys/fs/cgroup/memory.current", "1900000\n");
        write(
                "sys/fs/cgroup/memory.stat",
                "anon 900000\ninactive_file 600000\nactive_file 400000\n");
        assertEquals(OptionalLong.of(1_100_000), left());
    }

    /** The first version, in a container: the path is the machine's, the mount the container's. */
    @Test
    void theFirstVersionIsReadWhereItsPathIsNotMounted() throws IOException {
        machine(4000);
        write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/docker/0123\n0::/\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "2000000\n");
        write("sys/fs/cgroup/memory/memory.usage_in_bytes", "700000\n");
        write("sys/fs/cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 50000\n");
        assertEquals(OptionalLong.of(1_350_000), left());
    }

    @Test
    void noLimitOfTheFirstVersionIsANumberOfNineteenDigits() throws IOException {
        machine(4000);
        write("proc/self/cgroup", "4:memory:/\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        write("sys/fs/cgroup/memory/memory.usage_in_bytes", "700000\n");
        assertEquals(OptionalLong.of(4000 * 1024), left());
    }

    @Test
    void anotherSystemTellsNothingHere() {
        assertTrue(left().isEmpty());
        assertTrue(FreeMemory.bytes() > 0);
    }
}
