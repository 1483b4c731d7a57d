package dev.kiln.plugins.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CoreTypeTest {
    private static final String OLD = "fpu sse2 ssse3";
    private static final String AVX2 = OLD + " fma avx avx2";
    private static final String AVX512 = AVX2 + " avx512f avx512dq avx512cd avx512bw avx512vl";

    private static Optional<String> core(String vendor, String flags) {
        return CoreType.of(
                List.of(
                        "processor\t: 0",
                        "vendor_id\t: " + vendor,
                        "model\t\t: 167",
                        "flags\t\t: " + flags,
                        "processor\t: 1"));
    }

    @Test
    void kernelsGoByWhatTheProcessorCanDoWhateverItsModel() {
        assertEquals(Optional.of("SkylakeX"), core("GenuineIntel", AVX512 + " amx_bf16"));
        assertEquals(Optional.of("Haswell"), core("GenuineIntel", AVX2));
        assertEquals(Optional.of("Haswell"), core("GenuineIntel", AVX2 + " avx512f"));
        assertEquals(Optional.of("Zen"), core("AuthenticAMD", AVX512));
    }

    @Test
    void anOldOrAnotherProcessorIsLeftToOpenBlas() {
        assertEquals(Optional.empty(), core("GenuineIntel", OLD));
        assertEquals(
                Optional.empty(), CoreType.of(List.of("processor\t: 0", "Features\t: fp asimd")));
    }
}
