package org.example.bytes;

import dev.kiln.spi.Factory;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.testkit.TokenizerContract;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

class BytesTest {

    @Nested
    class WithAnEnd extends Contract {
        WithAnEnd() {
            super(true);
        }
    }

    @Nested
    class WithoutOne extends Contract {
        WithoutOne() {
            super(false);
        }
    }

    abstract static class Contract extends TokenizerContract {
        private final boolean ends;

        Contract(boolean ends) {
            this.ends = ends;
        }

        @Override
        protected Tokenizer tokenizer() {
            return new Bytes(ends);
        }

        @Override
        protected TokenizerFactory<?> factory() {
            return new BytesFactory();
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new BytesFactory());
        }
    }
}
