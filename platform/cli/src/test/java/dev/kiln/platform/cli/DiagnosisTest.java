package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.runtime.AutoBackendFactory.Tried;
import dev.kiln.spi.backend.Capabilities;
import dev.kiln.spi.backend.DType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
    private static final long GIB = 1L << 30;
    private static final JavaHere JAVA = new JavaHere("25, X", "/java", true, GIB, true);
    private static final Tried FAST =
            new Tried(
                    "fast",
                    "made for this processor",
                    Optional.of(
                            new Capabilities(
                                    Set.of(DType.FLOAT32, DType.INT32, DType.BFLOAT16),
                                    Set.of(),
                                    "CPU",
                                    8)));
    private static final Tried BROKEN = new Tried("broken", "no library", Optional.empty());

    private static Host host(Set<String> instructions, int usable, long memory, String pages) {
        return new Host(
                "Linux 6, amd64",
                "A 1",
                Optional.of(instructions),
                8,
                usable,
                16 * GIB,
                memory,
                Optional.of(pages));
    }

    private static final Host GOOD = host(Set.of("avx2", "avx512_bf16"), 8, 16 * GIB, "madvise");

    private static List<String> advice(Host host, JavaHere java, Tried... backends) {
        return new Diagnosis(host, java, List.of(), List.of(), List.of(backends)).advice();
    }

    @Test
    void aMachineWithAllItNeedsGetsNoAdvice() {
        assertEquals(List.of(), advice(GOOD, JAVA, FAST, BROKEN));
    }

    @Test
    void autoTakesTheFirstThatStartsAndSaysWhatItPassedOver() {
        Diagnosis diagnosis =
                new Diagnosis(GOOD, JAVA, List.of(), List.of(), List.of(BROKEN, FAST));
        assertEquals(Optional.of(FAST), diagnosis.taken());
        assertEquals(List.of("backend broken does not start: no library"), diagnosis.advice());
        String text = diagnosis.text();
        assertTrue(text.contains("  auto takes         fast: made for this processor\n"), text);
        assertTrue(text.contains("  broken             does not start: no library\n"), text);
        assertTrue(text.contains("  fast               CPU, float32, bfloat16\n"), text);
    }

    @Test
    void everyLimitIsOneLine() {
        Host poor = host(Set.of(), 2, 4 * GIB, "never");
        JavaHere plain = new JavaHere("25, X", "/java", false, GIB, false);
        assertEquals(
                List.of(
                        "no backend starts: nothing can be trained or written here",
                        "the processor has no bfloat16 instructions: 'precision: auto' is float32",
                        "the processor has no AVX2: a newer one is several times as fast",
                        "2 of 8 processors may be used: a container or an affinity mask limits them",
                        "running in a container with less memory: 4.0 GiB of 16.0 GiB",
                        "huge pages are off: write 'madvise' into"
                                + " /sys/kernel/mm/transparent_hugepage/enabled",
                        "Java was started without --add-modules jdk.incubator.vector",
                        "backend broken does not start: no library"),
                advice(poor, plain, BROKEN));
    }
}
