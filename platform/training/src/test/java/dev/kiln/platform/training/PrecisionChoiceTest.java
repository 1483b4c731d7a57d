package dev.kiln.platform.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.kernels.CpuBackend;
import dev.kiln.kernels.Gemm;
import dev.kiln.kernels.Memory;
import dev.kiln.kernels.PlainGemm;
import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrecisionChoiceTest {
    /** A library without bfloat16. */
    private static final class FloatGemm implements Gemm {
        private final Gemm plain = new PlainGemm();

        @Override
        public void multiply(Product product, long a, long b, long bias, long c) {
            plain.multiply(product, a, b, bias, c);
        }

        @Override
        public Set<DType> types() {
            return Set.of(DType.FLOAT32);
        }

        @Override
        public boolean parallel() {
            return false;
        }
    }

    private static Precision on(PrecisionChoice choice, Gemm gemm) {
        try (Backend backend = new CpuBackend("test", 1, Memory.ofProcess(), 1 << 20, gemm)) {
            return choice.on(backend);
        }
    }

    @Test
    void autoIsBfloat16WhereTheBackendHasIt() {
        assertEquals(Precision.BFLOAT16, on(PrecisionChoice.AUTO, new PlainGemm()));
        assertEquals(Precision.FLOAT32, on(PrecisionChoice.AUTO, new FloatGemm()));
    }

    @Test
    void aNamedOneIsItself() {
        assertEquals(Precision.FLOAT32, on(PrecisionChoice.FLOAT32, new PlainGemm()));
        assertEquals(Precision.BFLOAT16, on(PrecisionChoice.BFLOAT16, new FloatGemm()));
    }
}
