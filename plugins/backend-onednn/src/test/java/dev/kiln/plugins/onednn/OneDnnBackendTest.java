package dev.kiln.plugins.onednn;

import dev.kiln.spi.backend.Backend;
import dev.kiln.testkit.BackendContract;
import java.util.OptionalLong;

class OneDnnBackendTest extends BackendContract {
    private final OneDnnBackend backend = OneDnnBackend.open(2);

    @Override
    protected Backend createBackend() {
        return backend;
    }

    @Override
    protected OptionalLong allocatedBytes() {
        return OptionalLong.of(backend.allocatedBytes());
    }
}
