package dev.kiln.plugins.onednn;

import dev.kiln.kernels.CpuBackend;
import dev.kiln.kernels.FreeMemory;
import dev.kiln.kernels.Memory;
import dev.kiln.spi.InvalidInput;
import java.util.Locale;

/** Products by oneDNN, all else by the vector kernels. */
final class OneDnnBackend extends CpuBackend {
    private final OneDnnGemm gemm;

    private OneDnnBackend(int threads, OneDnnGemm gemm) {
        super(
                String.format(
                        Locale.ROOT,
                        "CPU, oneDNN %s with %s, %d threads",
                        OneDnn.version(),
                        gemm.implementation(),
                        threads),
                threads,
                Memory.ofProcess(),
                FreeMemory.bytes(),
                gemm);
        this.gemm = gemm;
    }

    /**
     * @throws InvalidInput when the native libraries do not load
     */
    static OneDnnBackend open(int threads) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(OneDnnBackend.class.getClassLoader());
        try {
            return new OneDnnBackend(threads, new OneDnnGemm());
        } catch (LinkageError missing) {
            throw new InvalidInput("backend onednn does not start here: " + missing, missing);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public void close() {
        super.close();
        gemm.close();
    }
}
