package dev.kiln.plugins.nd4j;

import dev.kiln.kernels.CpuBackend;
import dev.kiln.kernels.FreeMemory;
import dev.kiln.spi.InvalidInput;
import org.nd4j.linalg.factory.Nd4j;

/** Starts ND4J quietly, and with threads of nobody but the backend's own. */
final class Nd4jBackend extends CpuBackend {

    private Nd4jBackend(int threads, OpenBlas blas) {
        super(
                "CPU, ND4J with OpenBLAS for " + blas.core() + ", " + threads + " threads",
                threads,
                new Nd4jMemory(),
                FreeMemory.bytes(),
                blas);
    }

    /**
     * @throws InvalidInput when the native libraries do not load
     */
    static Nd4jBackend open(int threads) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Nd4jBackend.class.getClassLoader());
        try {
            start();
            return new Nd4jBackend(threads, OpenBlas.load());
        } catch (LinkageError missing) {
            throw new InvalidInput("backend nd4j does not start here: " + missing, missing);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /**
     * JavaCPP would otherwise allow no more memory outside of the heap than the heap is large; ours
     * is bounded by the pool.
     */
    private static void start() {
        setDefault("org.bytedeco.javacpp.maxbytes", "0");
        setDefault("org.bytedeco.javacpp.maxphysicalbytes", "0");
        setDefault("org.nd4j.log.initialization", "false");
        CoreType.choose();
        Nd4j.getEnvironment().setMaxMasterThreads(1);
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
