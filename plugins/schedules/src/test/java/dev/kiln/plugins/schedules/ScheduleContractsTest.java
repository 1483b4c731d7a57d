package dev.kiln.plugins.schedules;

import dev.kiln.spi.Context;
import dev.kiln.spi.Factory;
import dev.kiln.spi.training.Schedule;
import dev.kiln.testkit.ScheduleContract;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

class ScheduleContractsTest {
    private static final Context CONTEXT = new FolderContext(1, Path.of("unused"));
    private static final Optional<Long> NONE = Optional.empty();

    @Nested
    class OfConstant extends ScheduleContract {
        @Override
        protected Schedule schedule() {
            return new ConstantFactory().create(new ConstantOptions(1e-3, 10, NONE), CONTEXT);
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new ConstantFactory());
        }
    }

    @Nested
    class OfCosine extends ScheduleContract {
        @Override
        protected Schedule schedule() {
            CosineOptions options =
                    new CosineOptions(1e-3, 10, NONE, NONE, NONE, 0.1, Optional.empty());
            return new CosineFactory().create(options, CONTEXT);
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new CosineFactory());
        }
    }

    @Nested
    class OfCosineInTokens extends ScheduleContract {
        @Override
        protected Schedule schedule() {
            CosineOptions options =
                    new CosineOptions(
                            1e-3,
                            0,
                            Optional.of(3_000L),
                            NONE,
                            Optional.of(100_000L),
                            0,
                            Optional.empty());
            return new CosineFactory().create(options, CONTEXT);
        }
    }

    @Nested
    class OfLinear extends ScheduleContract {
        @Override
        protected Schedule schedule() {
            LinearOptions options =
                    new LinearOptions(1e-3, 0, NONE, NONE, NONE, 0, Optional.empty());
            return new LinearFactory().create(options, CONTEXT);
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new LinearFactory());
        }
    }

    @Nested
    class OfWarmUpLinear extends ScheduleContract {
        @Override
        protected Schedule schedule() {
            return new WarmUpLinearFactory().create(new ShareOptions(1, 0.1), CONTEXT);
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new WarmUpLinearFactory());
        }
    }

    @Nested
    class OfWarmUpCosine extends ScheduleContract {
        @Override
        protected Schedule schedule() {
            return new WarmUpCosineFactory().create(new ShareOptions(1, 0.1), CONTEXT);
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new WarmUpCosineFactory());
        }
    }
}
