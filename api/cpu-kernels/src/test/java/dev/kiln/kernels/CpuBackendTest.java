package dev.kiln.kernels;

import dev.kiln.spi.backend.Backend;
import dev.kiln.testkit.BackendContract;
import java.util.OptionalLong;

/** The kernels, two threads, against the oracle. */
class CpuBackendTest extends BackendContract {
    private final CpuBackend backend =
            new CpuBackend("test", 2, Memory.ofProcess(), 4L << 30, new PlainGemm());

    @Override
    protected Backend createBackend() {
        return backend;
    }

    @Override
    protected OptionalLong allocatedBytes() {
        return OptionalLong.of(backend.allocatedBytes());
    }
}
