package dev.kiln.plugins.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.kiln.spi.NoOptions;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.testkit.NormPlacementContract;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PostNormTest extends NormPlacementContract {

    @Override
    protected NormPlacement placement() {
        return new PostNormFactory().create(new NoOptions(), new FolderContext(1, Path.of("")));
    }

    @Test
    void noNormFollowsTheLastBlock() {
        assertFalse(placement().finalNorm());
    }

    /** With x = 3, norm(y) = 10 y and sublayer(y) = y + 1 the places can be told apart. */
    @Test
    void theNormReadsTheSumOfResidualAndSublayer() {
        assertArrayEquals(new double[] {10 * (3 + (3 + 1))}, Numbers.apply(placement(), 3));
    }
}
