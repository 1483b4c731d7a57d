package ${package};

import dev.kiln.spi.Factory;
import dev.kiln.spi.backend.Backend;
import dev.kiln.testkit.BackendContract;
import dev.kiln.testkit.ReferenceBackend;
import java.util.Optional;

class TimedTest extends BackendContract {

    @Override
    protected Backend createBackend() {
        return Timed.around(new ReferenceBackend());
    }

    @Override
    public Optional<Factory<?, ?>> extension() {
        return Optional.of(new TimedFactory());
    }
}
