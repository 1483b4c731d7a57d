package dev.kiln.plugins.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;

/** A pattern beside the paper's definition, pair by pair. */
final class Pairs {
    static final FolderContext CONTEXT = new FolderContext(1, Path.of(""));

    private Pairs() {}

    /** Whether query i sees key j, for j up to i. */
    interface Definition {
        boolean visible(int i, int j);
    }

    static void assertIs(Definition definition, AttentionPattern pattern) {
        for (int length : new int[] {1, 2, 7, 64, 131}) {
            boolean[][] mask = mask(pattern.layout(0, length, length));
            for (int i = 0; i < length; i++) {
                for (int j = 0; j < length; j++) {
                    assertEquals(
                            j <= i && definition.visible(i, j),
                            mask[i][j],
                            "query " + i + ", key " + j + " of " + length);
                }
            }
        }
    }

    private static boolean[][] mask(AttentionLayout layout) {
        boolean[][] mask = new boolean[layout.queries()][layout.keys()];
        for (int i = 0; i < layout.queries(); i++) {
            for (int span = 0; span < layout.spans(i); span++) {
                for (int j = layout.from(i, span); j < layout.to(i, span); j++) {
                    mask[i][j] = true;
                }
            }
        }
        return mask;
    }
}
