package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against files as Linux writes them, proc(5). */
class HostTest {
    private static final long GIB = 1L << 30;

    @TempDir private Path root;

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void linuxTellsProcessorInstructionsMemoryAndHugePages() throws IOException {
        String processor =
                "processor\t: %d\nmodel name\t: A 1\nflags\t\t: fpu avx2 avx512_bf16 x\n";
        write("proc/cpuinfo", processor.formatted(0) + "\n" + processor.formatted(1));
        write("proc/meminfo", "MemTotal:       4194304 kB\nMemFree: 1 kB\n");
        write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
        Host host = Host.read(root, 1, GIB);
        assertEquals("A 1", host.processor());
        assertEquals(Optional.of(Set.of("avx2", "avx512_bf16")), host.instructions());
        assertEquals(2, host.processors());
        assertEquals(1, host.usableProcessors());
        assertEquals(4 * GIB, host.memory());
        assertEquals(GIB, host.usableMemory());
        assertEquals(Optional.of("madvise"), host.hugePages());
        assertFalse(host.lacksBfloat16());
    }

    @Test
    void armCallsThemFeatures() throws IOException {
        write("proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd i8mm\n");
        Host host = Host.read(root, 1, GIB);
        assertEquals(Optional.of(Set.of("asimd", "i8mm")), host.instructions());
        assertTrue(host.lacksBfloat16());
    }

    @Test
    void anotherSystemTellsWhatJavaKnows() {
        Host host = Host.read(root, 3, GIB);
        assertEquals(System.getProperty("os.arch"), host.processor());
        assertEquals(Optional.empty(), host.instructions());
        assertEquals(3, host.processors());
        assertEquals(GIB, host.memory());
        assertEquals(Optional.empty(), host.hugePages());
        assertFalse(host.lacksBfloat16(), "that it lacks them is not known");
    }
}
