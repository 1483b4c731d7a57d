package dev.kiln.plugins.nd4j;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kiln.kernels.Gemm;
import dev.kiln.spi.backend.DType;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Set;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * The OpenBLAS that ND4J's own products go to, called on raw addresses. It computes on the calling
 * thread alone: its own threads would spin against those of the backend.
 */
final class OpenBlas implements Gemm {
    private static final int ROW_MAJOR = 101;
    private static final int PLAIN = 111;
    private static final int TRANSPOSED = 112;
    private static final int LONGEST_NAME = 64;

    /** Up to so many rows, as in generation, packing the whole of B costs more than it saves. */
    private static final int FEW_ROWS = 3;

    private final MethodHandle sgemm;
    private final MethodHandle sgemv;
    private final String core;

    private OpenBlas(MethodHandle sgemm, MethodHandle sgemv, String core) {
        this.sgemm = sgemm;
        this.sgemv = sgemv;
        this.core = core;
    }

    /** Loads the library as ND4J does; {@link CoreType} says which kernels it takes. */
    static OpenBlas load() {
        Loader.load(openblas_nolapack.class);
        openblas_nolapack.blas_set_num_threads(1);
        return new OpenBlas(
                function(
                        "cblas_sgemm",
                        FunctionDescriptor.ofVoid(
                                JAVA_INT,
                                JAVA_INT,
                                JAVA_INT,
                                JAVA_INT,
                                JAVA_INT,
                                JAVA_INT,
                                JAVA_FLOAT,
                                JAVA_LONG,
                                JAVA_INT,
                                JAVA_LONG,
                                JAVA_INT,
                                JAVA_FLOAT,
                                JAVA_LONG,
                                JAVA_INT)),
                function(
                        "cblas_sgemv",
                        FunctionDescriptor.ofVoid(
                                JAVA_INT,
                                JAVA_INT,
                                JAVA_INT,
                                JAVA_INT,
                                JAVA_FLOAT,
                                JAVA_LONG,
                                JAVA_INT,
                                JAVA_LONG,
                                JAVA_INT,
                                JAVA_FLOAT,
                                JAVA_LONG,
                                JAVA_INT)),
                coreName());
    }

    /** Found among the libraries that this class loader has loaded: no path, any platform. */
    @SuppressWarnings("restricted") // calling native code is what this class is for
    static MethodHandle function(String name, FunctionDescriptor descriptor) {
        MemorySegment place =
                SymbolLookup.loaderLookup()
                        .find(name)
                        .orElseThrow(() -> new UnsatisfiedLinkError("OpenBLAS has no " + name));
        return Linker.nativeLinker().downcallHandle(place, descriptor);
    }

    @SuppressWarnings("restricted")
    private static String coreName() {
        try {
            MethodHandle name = function("openblas_get_corename", FunctionDescriptor.of(ADDRESS));
            return ((MemorySegment) name.invokeExact()).reinterpret(LONGEST_NAME).getString(0);
        } catch (Throwable thrown) {
            throw new IllegalStateException("OpenBLAS does not tell its kernels", thrown);
        }
    }

    /** The processor whose kernels it took, in its own words. */
    String core() {
        return core;
    }

    @Override
    public void multiply(Product of, long a, long b, long bias, long c) {
        float beta = of.beta();
        if (of.biased()) {
            Gemm.writeBias(of, bias, c);
            beta = 1;
        }
        try {
            if (of.m() <= FEW_ROWS) {
                for (int i = 0; i < of.m(); i++) {
                    row(of, a + 4L * i * (of.transposeA() ? 1 : of.lda()), b, beta, c, i);
                }
                return;
            }
            sgemm.invokeExact(
                    ROW_MAJOR,
                    of.transposeA() ? TRANSPOSED : PLAIN,
                    of.transposeB() ? TRANSPOSED : PLAIN,
                    of.m(),
                    of.n(),
                    of.k(),
                    of.alpha(),
                    a,
                    of.lda(),
                    b,
                    of.ldb(),
                    beta,
                    c,
                    of.ldc());
        } catch (Throwable thrown) {
            throw new IllegalStateException("cblas_sgemm", thrown);
        }
    }

    /** One row of results is a matrix times a vector: the library needs no packing for that. */
    private void row(Product of, long a, long b, float beta, long c, int i) throws Throwable {
        sgemv.invokeExact(
                ROW_MAJOR,
                of.transposeB() ? PLAIN : TRANSPOSED,
                of.transposeB() ? of.n() : of.k(),
                of.transposeB() ? of.k() : of.n(),
                of.alpha(),
                b,
                of.ldb(),
                a,
                of.transposeA() ? of.lda() : 1,
                beta,
                c + 4L * i * of.ldc(),
                1);
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
