package dev.kiln.plugins.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kiln.spi.backend.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;

/**
 * The functions of oneDNN's C interface that this backend calls, on plain addresses: no object is
 * made for a call. JavaCPP's preset brings and loads the libraries; loading this class loads them.
 * Numbers are those of dnnl_types.h, oneDNN 3.
 */
final class OneDnn {
    static final int SOURCE = 1;
    static final int RESULT = 17;
    static final int WEIGHTS = 33;
    static final int BIAS = 41;
    static final int SCRATCHPAD = 80;

    /** Bytes of an argument: its number, and where its memory object is. */
    static final int ARGUMENT_BYTES = 16;

    private static final int CPU = 1;
    private static final int IN_ORDER = 1;
    private static final int IMPLEMENTATION = 8;
    private static final int SCRATCHPAD_DESCRIPTOR = 136;
    private static final int OF_USER = 1;
    private static final int ELTWISE_LINEAR = 0x26;
    private static final int BA16A64B2A = 384;
    private static final int LONGEST_NAME = 128;

    static {
        Loader.load(dnnl.class);
    }

    private static final MethodHandle SET_THREADS =
            handle("omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
    private static final MethodHandle ENGINE =
            function("dnnl_engine_create", ADDRESS, JAVA_INT, JAVA_LONG);
    private static final MethodHandle STREAM =
            function("dnnl_stream_create", ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle STREAM_DESTROY = function("dnnl_stream_destroy", JAVA_LONG);
    private static final MethodHandle WITH_STRIDES =
            function(
                    "dnnl_memory_desc_create_with_strides",
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS);
    private static final MethodHandle WITH_TAG =
            function(
                    "dnnl_memory_desc_create_with_tag",
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS,
                    JAVA_INT,
                    JAVA_INT);
    private static final MethodHandle DESCRIPTOR_DESTROY =
            function("dnnl_memory_desc_destroy", JAVA_LONG);
    private static final MethodHandle DESCRIPTOR_SIZE =
            handle("dnnl_memory_desc_get_size", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle ATTRIBUTES = function("dnnl_primitive_attr_create", ADDRESS);
    private static final MethodHandle ATTRIBUTES_DESTROY =
            function("dnnl_primitive_attr_destroy", JAVA_LONG);
    private static final MethodHandle SCRATCHPAD_MODE =
            function("dnnl_primitive_attr_set_scratchpad_mode", JAVA_LONG, JAVA_INT);
    private static final MethodHandle POST_OPS = function("dnnl_post_ops_create", ADDRESS);
    private static final MethodHandle POST_OPS_DESTROY =
            function("dnnl_post_ops_destroy", JAVA_LONG);
    private static final MethodHandle APPEND_SUM =
            function("dnnl_post_ops_append_sum", JAVA_LONG, JAVA_FLOAT, JAVA_INT, JAVA_INT);
    private static final MethodHandle APPEND_ELTWISE =
            function("dnnl_post_ops_append_eltwise", JAVA_LONG, JAVA_INT, JAVA_FLOAT, JAVA_FLOAT);
    private static final MethodHandle SET_POST_OPS =
            function("dnnl_primitive_attr_set_post_ops", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle MATMUL =
            function(
                    "dnnl_matmul_primitive_desc_create",
                    ADDRESS,
                    JAVA_LONG,
                    JAVA_LONG,
                    JAVA_LONG,
                    JAVA_LONG,
                    JAVA_LONG,
                    JAVA_LONG);
    private static final MethodHandle QUERY =
            function("dnnl_primitive_desc_query", JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle QUERY_DESCRIPTOR =
            handle(
                    "dnnl_primitive_desc_query_md",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle MATMUL_DESTROY =
            function("dnnl_primitive_desc_destroy", JAVA_LONG);
    private static final MethodHandle PRIMITIVE =
            function("dnnl_primitive_create", ADDRESS, JAVA_LONG);
    private static final MethodHandle PRIMITIVE_DESTROY =
            function("dnnl_primitive_destroy", JAVA_LONG);
    private static final MethodHandle MEMORY =
            function("dnnl_memory_create", ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle MEMORY_DESTROY = function("dnnl_memory_destroy", JAVA_LONG);
    private static final MethodHandle MOVE =
            function("dnnl_memory_set_data_handle", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle EXECUTE =
            function("dnnl_primitive_execute", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
    private static final MethodHandle VERSION =
            handle("dnnl_version", FunctionDescriptor.of(ADDRESS));

    /** One engine of the process; the library never needs it closed. */
    private static final long CPU_ENGINE = created(out -> (int) ENGINE.invokeExact(out, CPU, 0L));

    private OneDnn() {}

    private static MethodHandle function(String name, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /** Found among the libraries that this class loader has loaded: no path, any platform. */
    @SuppressWarnings("restricted") // calling native code is what this class is for
    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        MemorySegment place =
                SymbolLookup.loaderLookup()
                        .find(name)
                        .or(() -> Linker.nativeLinker().defaultLookup().find(name))
                        .orElseThrow(() -> new UnsatisfiedLinkError("oneDNN has no " + name));
        return Linker.nativeLinker().downcallHandle(place, descriptor);
    }

    /** A call that returns a status. */
    private interface Call {
        int make() throws Throwable;
    }

    /** A call that creates something and writes where it is. */
    private interface Creation {
        int make(MemorySegment out) throws Throwable;
    }

    private static void check(Call call) {
        int status;
        try {
            status = call.make();
        } catch (Throwable thrown) {
            throw new IllegalStateException("oneDNN can't be called", thrown);
        }
        if (status != 0) {
            throw new OneDnnException(status);
        }
    }

    private static long created(Creation creation) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            check(() -> creation.make(out));
            return out.get(JAVA_LONG, 0);
        }
    }

    /** The library's own threads would spin against the backend's: each caller gets one. */
    static void useCallingThreadOnly() {
        try {
            SET_THREADS.invokeExact(1);
        } catch (Throwable thrown) {
            throw new IllegalStateException("omp_set_num_threads", thrown);
        }
    }

    /** For example 3.8.1. */
    @SuppressWarnings("restricted") // a struct that begins with three ints
    static String version() {
        try {
            MemorySegment numbers = ((MemorySegment) VERSION.invokeExact()).reinterpret(12);
            return String.format(
                    Locale.ROOT,
                    "%d.%d.%d",
                    numbers.get(JAVA_INT, 0),
                    numbers.get(JAVA_INT, 4),
                    numbers.get(JAVA_INT, 8));
        } catch (Throwable thrown) {
            throw new IllegalStateException("dnnl_version", thrown);
        }
    }

    static long stream() {
        return created(out -> (int) STREAM.invokeExact(out, CPU_ENGINE, IN_ORDER));
    }

    static void destroyStream(long stream) {
        check(() -> (int) STREAM_DESTROY.invokeExact(stream));
    }

    /** Describes a matrix [rows, columns] by the elements from one row or column to the next. */
    static long matrix(DType type, long rows, long columns, long rowStride, long columnStride) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sizes = arena.allocateFrom(JAVA_LONG, rows, columns);
            MemorySegment strides = arena.allocateFrom(JAVA_LONG, rowStride, columnStride);
            return created(
                    out -> (int) WITH_STRIDES.invokeExact(out, 2, sizes, number(type), strides));
        }
    }

    /** Describes a bfloat16 matrix [rows, columns] in panels of 64 columns of pairs of rows. */
    static long panels(long rows, long columns) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sizes = arena.allocateFrom(JAVA_LONG, rows, columns);
            int type = number(DType.BFLOAT16);
            return created(out -> (int) WITH_TAG.invokeExact(out, 2, sizes, type, BA16A64B2A));
        }
    }

    private static int number(DType type) {
        return switch (type) {
            case BFLOAT16 -> 2;
            case FLOAT32 -> 3;
            case INT32 -> 4;
            case UINT8 -> 6;
        };
    }

    static void destroyMatrix(long descriptor) {
        check(() -> (int) DESCRIPTOR_DESTROY.invokeExact(descriptor));
    }

    /** Bytes that a described matrix takes. */
    static long bytes(long descriptor) {
        try {
            return (long) DESCRIPTOR_SIZE.invokeExact(descriptor);
        } catch (Throwable thrown) {
            throw new IllegalStateException("dnnl_memory_desc_get_size", thrown);
        }
    }

    /**
     * Describes result = alpha · source · weights (+ bias) + beta · result.
     *
     * @param bias 0 for none
     */
    static long matmul(long source, long weights, long bias, long result, float alpha, float beta) {
        long attributes = created(out -> (int) ATTRIBUTES.invokeExact(out));
        long postOps = created(out -> (int) POST_OPS.invokeExact(out));
        try {
            check(() -> (int) SCRATCHPAD_MODE.invokeExact(attributes, OF_USER));
            if (alpha != 1) {
                check(() -> (int) APPEND_ELTWISE.invokeExact(postOps, ELTWISE_LINEAR, alpha, 0f));
            }
            if (beta != 0) {
                check(() -> (int) APPEND_SUM.invokeExact(postOps, beta, 0, 0));
            }
            check(() -> (int) SET_POST_OPS.invokeExact(attributes, postOps));
            return created(
                    out ->
                            (int)
                                    MATMUL.invokeExact(
                                            out,
                                            CPU_ENGINE,
                                            source,
                                            weights,
                                            bias,
                                            result,
                                            attributes));
        } finally {
            check(() -> (int) POST_OPS_DESTROY.invokeExact(postOps));
            check(() -> (int) ATTRIBUTES_DESTROY.invokeExact(attributes));
        }
    }

    /** The library's name for what will compute a matmul, for example {@code brg_matmul:avx512_core}. */
    @SuppressWarnings("restricted") // a C string
    static String implementation(long matmul) {
        long name = created(out -> (int) QUERY.invokeExact(matmul, IMPLEMENTATION, 0, out));
        return MemorySegment.ofAddress(name).reinterpret(LONGEST_NAME).getString(0);
    }

    /** Describes the scratch memory of a matmul; belongs to it. */
    static long scratchpad(long matmul) {
        try {
            return (long) QUERY_DESCRIPTOR.invokeExact(matmul, SCRATCHPAD_DESCRIPTOR, 0);
        } catch (Throwable thrown) {
            throw new IllegalStateException("dnnl_primitive_desc_query_md", thrown);
        }
    }

    static void destroyMatmul(long matmul) {
        check(() -> (int) MATMUL_DESTROY.invokeExact(matmul));
    }

    static long primitive(long matmul) {
        return created(out -> (int) PRIMITIVE.invokeExact(out, matmul));
    }

    static void destroyPrimitive(long primitive) {
        check(() -> (int) PRIMITIVE_DESTROY.invokeExact(primitive));
    }

    /** A memory object that points nowhere yet. */
    static long memory(long descriptor) {
        return created(out -> (int) MEMORY.invokeExact(out, descriptor, CPU_ENGINE, 0L));
    }

    static void destroyMemory(long memory) {
        check(() -> (int) MEMORY_DESTROY.invokeExact(memory));
    }

    /** Lets a memory object point to an address. */
    static void move(long memory, long address) {
        int status;
        try {
            status = (int) MOVE.invokeExact(memory, address);
        } catch (Throwable thrown) {
            throw new IllegalStateException("dnnl_memory_set_data_handle", thrown);
        }
        if (status != 0) {
            throw new OneDnnException(status);
        }
    }

    /**
     * @param arguments where {@code count} arguments of {@link #ARGUMENT_BYTES} are
     */
    static void execute(long primitive, long stream, int count, long arguments) {
        int status;
        try {
            status = (int) EXECUTE.invokeExact(primitive, stream, count, arguments);
        } catch (Throwable thrown) {
            throw new IllegalStateException("dnnl_primitive_execute", thrown);
        }
        if (status != 0) {
            throw new OneDnnException(status);
        }
    }
}
