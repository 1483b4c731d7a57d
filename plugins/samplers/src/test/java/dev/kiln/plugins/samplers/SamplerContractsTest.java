package dev.kiln.plugins.samplers;

import dev.kiln.spi.Factory;
import dev.kiln.spi.generation.Sampler;
import dev.kiln.testkit.SamplerContract;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

class SamplerContractsTest {

    @Nested
    class OfGreedy extends SamplerContract {
        @Override
        protected Sampler sampler() {
            return Greedy.GREEDY;
        }

        @Override
        protected boolean random() {
            return false;
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new GreedyFactory());
        }
    }

    @Nested
    class OfSample extends SamplerContract {
        @Override
        protected Sampler sampler() {
            return new Sample(new SampleOptions(1, 0, 1, 0, 1));
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new SampleFactory());
        }
    }

    @Nested
    class OfSampleWithAllItsSteps extends SamplerContract {
        @Override
        protected Sampler sampler() {
            return new Sample(new SampleOptions(0.8, 40, 0.9, 0.01, 1.2));
        }
    }

    @Nested
    class OfSampleAtAHighTemperature extends SamplerContract {
        @Override
        protected Sampler sampler() {
            return new Sample(new SampleOptions(100, 0, 1, 0, 1));
        }
    }
}
