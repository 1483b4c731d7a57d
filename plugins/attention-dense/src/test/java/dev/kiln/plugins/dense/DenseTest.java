package dev.kiln.plugins.dense;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.NoOptions;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.testkit.AttentionPatternContract;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DenseTest extends AttentionPatternContract {

    @Override
    protected AttentionPattern pattern() {
        return new DenseFactory().create(new NoOptions(), new FolderContext(1, Path.of("")));
    }

    @Test
    void everyPositionSeesItselfAndAllBefore() {
        assertEquals(7 * 8 / 2, pattern().layout(3, 7, 7).visible());
    }
}
