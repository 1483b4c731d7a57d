package dev.kiln.testkit;

import dev.kiln.spi.backend.Backend;

/** The oracle keeps its own contract: its aliases, lifetimes and bits, if not its numbers. */
class ReferenceBackendTest extends BackendContract {
    @Override
    protected Backend createBackend() {
        return new ReferenceBackend();
    }
}
