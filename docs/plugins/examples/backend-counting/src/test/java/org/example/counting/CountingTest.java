package org.example.counting;

import dev.kiln.spi.Factory;
import dev.kiln.spi.backend.Backend;
import dev.kiln.testkit.BackendContract;
import dev.kiln.testkit.ReferenceBackend;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class CountingTest extends BackendContract {
    @TempDir private static Path folder;

    @Override
    protected Backend createBackend() {
        return Counting.around(new ReferenceBackend(), folder.resolve("kernels.txt"));
    }

    @Override
    public Optional<Factory<?, ?>> extension() {
        return Optional.of(new CountingFactory());
    }
}
