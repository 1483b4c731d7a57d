package dev.kiln.plugins.nd4j;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which of OpenBLAS's kernels fit a processor, by what it can do. OpenBLAS 0.3.19 goes by the
 * processor's model, and takes its oldest kernels for one that came later.
 */
final class CoreType {
    /** What OpenBLAS reads as it loads, before it looks at the processor. */
    private static final String VARIABLE = "OPENBLAS_CORETYPE";

    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
    private static final Set<String> AVX512 =
            Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");
    private static final Set<String> AVX2 = Set.of("avx2", "fma");

    private CoreType() {}

    /** Chooses for this process, unless the user did. Has no effect once OpenBLAS is loaded. */
    static void choose() {
        if (System.getenv(VARIABLE) == null && Files.isReadable(PROCESSOR)) {
            try {
                of(Files.readAllLines(PROCESSOR)).ifPresent(CoreType::setVariable);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }

    /**
     * The kernels for a processor as Linux describes it.
     *
     * @return empty where OpenBLAS's choice is as good as any: no x86-64, or one without AVX2
     */
    static Optional<String> of(List<String> description) {
        Set<String> features = Set.copyOf(List.of(value(description, "flags").split("\\s+")));
        boolean amd = value(description, "vendor_id").equals("AuthenticAMD");
        if (!amd && features.containsAll(AVX512)) {
            return Optional.of("SkylakeX");
        }
        if (features.containsAll(AVX2)) {
            return Optional.of(amd ? "Zen" : "Haswell");
        }
        return Optional.empty();
    }

    private static String value(List<String> description, String key) {
        return description.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** In the process's own environment, which Java's view does not change. */
    @SuppressWarnings("restricted") // calling native code is what this class is for
    private static void setVariable(String value) {
        Linker linker = Linker.nativeLinker();
        MethodHandle set =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("setenv"),
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(VARIABLE);
            int failed = (int) set.invokeExact(name, arena.allocateFrom(value), 0);
            if (failed != 0) {
                throw new IllegalStateException("setenv " + VARIABLE);
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable thrown) {
            throw new IllegalStateException("setenv", thrown);
        }
    }
}
