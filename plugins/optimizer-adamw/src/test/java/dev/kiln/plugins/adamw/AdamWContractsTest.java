package dev.kiln.plugins.adamw;

import dev.kiln.spi.Factory;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.testkit.OptimizerContract;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

class AdamWContractsTest {

    @Nested
    class WithFloat32State extends OptimizerContract {
        @Override
        protected Optimizer optimizer() {
            return new AdamW(new AdamWOptions(0.9, 0.95, 1e-8, 0.1, MomentType.FLOAT32));
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new AdamWFactory());
        }
    }

    @Nested
    class WithInt8State extends OptimizerContract {
        @Override
        protected Optimizer optimizer() {
            return new AdamW(new AdamWOptions(0.9, 0.95, 1e-8, 0.1, MomentType.INT8));
        }
    }
}
