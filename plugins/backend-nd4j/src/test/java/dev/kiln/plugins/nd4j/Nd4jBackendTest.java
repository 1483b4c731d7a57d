package dev.kiln.plugins.nd4j;

import dev.kiln.spi.backend.Backend;
import dev.kiln.testkit.BackendContract;
import java.util.OptionalLong;

class Nd4jBackendTest extends BackendContract {
    private final Nd4jBackend backend = Nd4jBackend.open(2);

    @Override
    protected Backend createBackend() {
        return backend;
    }

    @Override
    protected OptionalLong allocatedBytes() {
        return OptionalLong.of(backend.allocatedBytes());
    }
}
