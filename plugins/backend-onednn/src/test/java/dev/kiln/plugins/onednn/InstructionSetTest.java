package dev.kiln.plugins.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Capabilities;
import dev.kiln.spi.backend.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the backend declares on processors with and without bfloat16. The operating system says what
 * this one has; oneDNN's own limit, which the pom sets for a second run of this module's tests, makes
 * it an older one.
 */
class InstructionSetTest {
    private static final String LIMIT = "ONEDNN_MAX_CPU_ISA";
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    private static Capabilities declared() {
        try (Backend backend = OneDnnBackend.open(1)) {
            return backend.capabilities();
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(named = LIMIT, matches = "AVX2")
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
    void withAvx2AloneThereIsNoBfloat16AndTheDeviceSaysSo() {
        Capabilities declared = declared();
        assertEquals(Set.of(DType.FLOAT32, DType.INT32, DType.UINT8), declared.types());
        assertTrue(declared.device().contains("no bfloat16"), declared.device());
    }

    @Test
    @DisabledIfEnvironmentVariable(named = LIMIT, matches = ".+")
    void whereTheProcessorHasBfloat16ItIsDeclared() throws IOException {
        Assumptions.assumeTrue(processorHasBfloat16(), "the processor has no bfloat16");
        Capabilities declared = declared();
        assertTrue(declared.types().contains(DType.BFLOAT16), declared.toString());
        assertFalse(declared.device().contains("no bfloat16"), declared.device());
    }

    private static boolean processorHasBfloat16() throws IOException {
        if (!Files.exists(PROCESSORS)) {
            return false;
        }
        String flags = Files.readString(PROCESSORS);
        return flags.contains("avx512_bf16") || flags.contains("amx_bf16");
    }

    /** Names that oneDNN 3.8 gave under each limit, and which of them beat its float32. */
    @ParameterizedTest
    @CsvSource({
        "brg_matmul:avx10_1_512_amx, true",
        "brg_matmul:avx512_core_bf16, true",
        "gemm:jit:bf16, false",
        "ref:any, false"
    })
    void codeThatEmulatesBfloat16IsNotTaken(String implementation, boolean taken) {
        assertEquals(taken, OneDnnGemm.hasInstructions(implementation));
    }
}
