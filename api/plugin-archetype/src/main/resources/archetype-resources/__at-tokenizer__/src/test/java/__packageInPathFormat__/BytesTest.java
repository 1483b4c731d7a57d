package ${package};

import dev.kiln.spi.Factory;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.testkit.TokenizerContract;
import java.util.Optional;

class BytesTest extends TokenizerContract {

    @Override
    protected Tokenizer tokenizer() {
        return new Bytes();
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
