package dev.kiln.platform.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.AttentionPatternFactory;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LabelledPatternTest {

    /** Creates patterns that throw. */
    record Failing(RuntimeException problem) implements AttentionPatternFactory<NoOptions> {
        @Override
        public String name() {
            return "odd";
        }

        @Override
        public Class<NoOptions> options() {
            return NoOptions.class;
        }

        @Override
        public AttentionPattern create(NoOptions options, Context context) {
            return (layer, queries, keys) -> {
                throw problem;
            };
        }
    }

    private static final Context NOWHERE =
            new Context() {
                @Override
                public long seed() {
                    return 0;
                }

                @Override
                public Path runFolder() {
                    return Path.of("");
                }

                @Override
                public Path resolve(String path) {
                    return Path.of(path);
                }

                @Override
                public Stream<String> trainingDocuments() {
                    return Stream.of();
                }
            };

    private static AttentionPattern pattern(RuntimeException problem) {
        String label = "attention pattern odd of plugin org.example 1.0.0";
        return new FactoryChoice<>(new Failing(problem), new NoOptions(), label).create(NOWHERE);
    }

    @Test
    void onePluginsFaultNamesThePluginAndThePattern() {
        AttentionPattern pattern = pattern(new IllegalArgumentException("expected 1 <= stride"));
        assertEquals(
                "attention pattern odd of plugin org.example 1.0.0 failed at layer 2 for 3 queries"
                        + " of 4 keys: java.lang.IllegalArgumentException: expected 1 <= stride",
                assertThrows(IllegalStateException.class, () -> pattern.layout(2, 3, 4))
                        .getMessage());
    }

    @Test
    void theUsersMistakeIsSaidAsItIs() {
        AttentionPattern pattern = pattern(new InvalidInput("too narrow"));
        assertEquals(
                "too narrow",
                assertThrows(InvalidInput.class, () -> pattern.layout(0, 1, 1)).getMessage());
    }
}
