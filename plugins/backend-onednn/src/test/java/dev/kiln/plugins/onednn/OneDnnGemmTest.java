package dev.kiln.plugins.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.kernels.Gemm;
import dev.kiln.kernels.Gemm.Product;
import dev.kiln.kernels.PlainGemm;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The truth is {@link PlainGemm}: three loops, summed in double. */
class OneDnnGemmTest {
    private static final OneDnnGemm GEMM = new OneDnnGemm();

    @AfterAll
    static void close() {
        GEMM.close();
    }

    static Stream<Product> products() {
        return Stream.of(DType.FLOAT32, DType.BFLOAT16)
                .flatMap(
                        factor ->
                                Stream.of(DType.FLOAT32, DType.BFLOAT16)
                                        .flatMap(result -> products(factor, result)))
                .filter(product -> product.a() != DType.FLOAT32 || product.c() == DType.FLOAT32);
    }

    private static Stream<Product> products(DType factor, DType result) {
        return Stream.of(
                product(factor, result, false, false, 1, 1, 1, 1, 0, false),
                product(factor, result, false, false, 1, 257, 33, 1, 0, true),
                product(factor, result, true, false, 1, 129, 70, 1, 0, false),
                product(factor, result, true, true, 1, 16, 33, 1, 1, false),
                product(factor, result, false, false, 33, 1, 47, 1, 0, true),
                product(factor, result, true, true, 33, 1, 47, 1, 1, false),
                product(factor, result, true, false, 1, 1, 47, 1, 0, false),
                product(factor, result, true, false, 2, 2, 47, 1, 0, false),
                product(factor, result, false, true, 70, 65, 47, 1, 0, false),
                product(factor, result, true, false, 47, 129, 70, 1, 1, false),
                product(factor, result, true, true, 33, 31, 63, 0.5f, 0, false),
                product(factor, result, false, false, 64, 128, 96, 0.125f, 1, false),
                product(factor, result, false, true, 5, 1009, 64, 1, 0, true));
    }

    /** Rows are three elements longer than they must be. */
    private static Product product(
            DType factor,
            DType result,
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            float beta,
            boolean biased) {
        int lda = (transposeA ? m : k) + 3;
        int ldb = (transposeB ? k : n) + 3;
        return new Product(
                factor,
                transposeA,
                lda,
                factor,
                transposeB,
                ldb,
                result,
                n + 3,
                m,
                n,
                k,
                alpha,
                beta,
                biased);
    }

    static Stream<Product> productsWithPanels() {
        return Stream.of(DType.FLOAT32, DType.BFLOAT16)
                .flatMap(
                        result ->
                                Stream.of(
                                        inPanels(result, 1, 1, 1, 1, false),
                                        inPanels(result, 1, 130, 33, 133, true),
                                        inPanels(result, 16, 64, 33, 65, false),
                                        inPanels(result, 16, 64, 47, 65, true),
                                        inPanels(result, 16, 1, 47, 65, false),
                                        inPanels(result, 70, 65, 96, 65, true),
                                        inPanels(result, 75, 192, 128, 192, false)));
    }

    private static Product inPanels(DType result, int m, int n, int k, int ldc, boolean biased) {
        DType factor = DType.BFLOAT16;
        return new Product(
                factor, false, k, factor, false, 0, result, ldc, m, n, k, 1, 0, biased, true);
    }

    @ParameterizedTest
    @MethodSource("productsWithPanels")
    void aProductWithPanelsIsThatOfThreeLoops(Product product) {
        Assumptions.assumeTrue(GEMM.readsPanels(), "no code for panels here");
        aProductIsThatOfThreeLoops(product);
    }

    @ParameterizedTest
    @MethodSource("products")
    void aProductIsThatOfThreeLoops(Product product) {
        Assumptions.assumeTrue(GEMM.types().contains(product.a()), "no bfloat16 code here");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = random(arena, product.a(), 1, product.lda() * 80);
            MemorySegment b =
                    product.panels()
                            ? panels(arena, product)
                            : random(arena, product.b(), 2, product.ldb() * 1100);
            MemorySegment bias = random(arena, DType.FLOAT32, 3, product.n());
            int size = product.m() * product.ldc();
            MemorySegment expected = random(arena, product.c(), 4, size);
            MemorySegment actual = random(arena, product.c(), 4, size);
            run(new PlainGemm(), product, a, b, bias, expected);
            run(GEMM, product, a, b, bias, actual);
            double tolerance = product.c() == DType.FLOAT32 ? 1e-5 : 1.0 / 128;
            for (int i = 0; i < size; i++) {
                float right = get(expected, product.c(), i);
                assertEquals(right, get(actual, product.c(), i), tolerance * (1 + Math.abs(right)));
            }
        }
    }

    static Stream<Product> productsOfDenseRows() {
        return Stream.of(DType.FLOAT32, DType.BFLOAT16)
                .flatMap(
                        type ->
                                Stream.of(
                                        dense(type, 17, 67, 33, false),
                                        dense(type, 40, 64, 47, false),
                                        dense(type, 33, 7, 95, false),
                                        dense(type, 300, 130, 97, false),
                                        dense(type, 17, 67, 33, true),
                                        dense(type, 300, 130, 97, true)))
                .filter(product -> product.a() == DType.BFLOAT16 || !product.panels());
    }

    private static Product dense(DType type, int m, int n, int k, boolean panels) {
        return new Product(
                type, false, k, type, true, k, DType.FLOAT32, n, m, n, k, 1, 0, false, panels);
    }

    /** oneDNN 3.8 with AMX reads a row's end together with the next row's beginning. */
    @ParameterizedTest
    @MethodSource("productsOfDenseRows")
    void aNaNStaysInItsRow(Product product) {
        Assumptions.assumeTrue(GEMM.types().contains(product.a()), "no bfloat16 code here");
        Assumptions.assumeTrue(GEMM.readsPanels() || !product.panels(), "no code for panels here");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = random(arena, product.a(), 1, product.m() * product.k());
            MemorySegment spoiled = random(arena, product.a(), 1, product.m() * product.k());
            spoiled.asSlice((long) product.a().bytes() * product.k(), 4).fill((byte) 0xff);
            MemorySegment b =
                    product.panels()
                            ? panels(arena, product)
                            : random(arena, product.b(), 2, product.n() * product.k());
            int size = product.m() * product.n();
            MemorySegment expected = arena.allocate(4L * size, 64);
            MemorySegment actual = arena.allocate(4L * size, 64);
            run(GEMM, product, a, b, MemorySegment.NULL, expected);
            run(GEMM, product, spoiled, b, MemorySegment.NULL, actual);
            for (int i = 0; i < size; i++) {
                float right = i / product.n() == 1 ? Float.NaN : get(expected, DType.FLOAT32, i);
                assertEquals(right, get(actual, DType.FLOAT32, i), "element " + i);
            }
        }
    }

    private static void run(
            Gemm gemm,
            Product product,
            MemorySegment a,
            MemorySegment b,
            MemorySegment bias,
            MemorySegment c) {
        gemm.multiply(product, a.address(), b.address(), bias.address(), c.address());
    }

    private static MemorySegment random(Arena arena, DType type, long key, int size) {
        MemorySegment segment = arena.allocate((long) size * type.bytes(), 64);
        for (int i = 0; i < size; i++) {
            float value = (float) Randomness.uniform(key, i) - 0.5f;
            if (type == DType.FLOAT32) {
                segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
            } else {
                short upperHalf = (short) (Float.floatToRawIntBits(value) >>> 16);
                segment.setAtIndex(ValueLayout.JAVA_SHORT, i, upperHalf);
            }
        }
        return segment;
    }

    /** Random, with zeros behind the last row and the last column, as panels have. */
    private static MemorySegment panels(Arena arena, Product product) {
        int padded = (product.k() + 31) / 32 * 32;
        int count = (product.n() + 63) / 64;
        MemorySegment random = random(arena, DType.BFLOAT16, 2, padded * count * 64);
        for (int i = 0; i < padded * count * 64; i++) {
            int row = i / 128 % (padded / 2) * 2 + i % 2;
            int column = i / (64 * padded) * 64 + i / 2 % 64;
            if (row >= product.k() || column >= product.n()) {
                random.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) 0);
            }
        }
        return random;
    }

    private static float get(MemorySegment segment, DType type, int index) {
        return type == DType.FLOAT32
                ? segment.getAtIndex(ValueLayout.JAVA_FLOAT, index)
                : Float.intBitsToFloat(segment.getAtIndex(ValueLayout.JAVA_SHORT, index) << 16);
    }
}
