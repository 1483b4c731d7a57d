package ${package};

import dev.kiln.spi.Factory;
import dev.kiln.spi.run.RunListener;
import dev.kiln.testkit.RunListenerContract;
import java.nio.file.Path;
import java.util.Optional;

class BestTest extends RunListenerContract {

    @Override
    protected RunListener listener(Path runFolder) {
        return new Best(runFolder.resolve("best.txt"));
    }

    @Override
    public Optional<Factory<?, ?>> extension() {
        return Optional.of(new BestFactory());
    }
}
