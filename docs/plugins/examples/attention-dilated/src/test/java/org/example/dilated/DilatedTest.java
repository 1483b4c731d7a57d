package org.example.dilated;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.Factory;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.testkit.AttentionPatternContract;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DilatedTest extends AttentionPatternContract {

    @Override
    protected AttentionPattern pattern() {
        return new Dilated(3, 4);
    }

    @Override
    public Optional<Factory<?, ?>> extension() {
        return Optional.of(new DilatedFactory());
    }

    @Test
    void positionTenSeesEveryThirdKey() {
        AttentionLayout layout = pattern().layout(0, 1, 11);
        int[] keys = IntStream.range(0, layout.spans(0)).map(i -> layout.from(0, i)).toArray();
        assertEquals("[1, 4, 7, 10]", java.util.Arrays.toString(keys));
    }
}
