package dev.kiln.testkit;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.Mixture;
import dev.kiln.spi.data.TextSource;
import dev.kiln.spi.data.TokenSource;
import dev.kiln.spi.data.Tokens;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.generation.Sampler;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.spi.training.Schedule;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.ByteTokenizerFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;

/** Extensions that keep their contracts pass them. */
class ExampleContractsTest {
    @Nested
    class OfAPattern extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return Examples.ALTERNATING;
        }
    }

    @Nested
    class OfANormPlacement extends NormPlacementContract {
        @Override
        protected NormPlacement placement() {
            return new Examples.Sandwich();
        }
    }

    @Nested
    class OfATokenizer extends TokenizerContract {
        @Override
        protected Tokenizer tokenizer() {
            return new ByteTokenizer();
        }

        @Override
        protected TokenizerFactory<?> factory() {
            return new ByteTokenizerFactory();
        }
    }

    @Nested
    class OfAHead extends TaskHeadContract {
        @Override
        protected TaskHead head() {
            return new Examples.Classifier();
        }
    }

    @Nested
    class OfAModelFamily extends ModelFamilyContract {
        @Override
        protected ModelFamily family() {
            return new Examples.SmallDecoder();
        }

        /**
         * Embeddings (23 + 8) 10, and three blocks of four norms 20 each, c_attn 462, c_proj 150,
         * c_fc 440, c_proj 410, and the last norm 20.
         */
        @Override
        protected OptionalLong parameters() {
            return OptionalLong.of(310 + 3 * (80 + 462 + 150 + 440 + 410) + 20);
        }
    }

    @Nested
    class OfASchedule extends ScheduleContract {
        @Override
        protected Schedule schedule() {
            return progress -> 1.0 / (1 + progress.step());
        }
    }

    @Nested
    class OfASampler extends SamplerContract {
        /** The highest logit with noise of Gumbel's on it, which draws in proportion to e^logit. */
        @Override
        protected Sampler sampler() {
            return (logits, history, length, key) -> {
                for (int i = 0; i < logits.length; i++) {
                    double uniform = Math.max(Randomness.uniform(key, i), 0x1p-53);
                    logits[i] -= (float) Math.log(-Math.log(1 - uniform));
                }
                return SeededFaultsTest.highest(logits);
            };
        }
    }

    @Nested
    class OfAnOptimizer extends OptimizerContract {
        @Override
        protected Optimizer optimizer() {
            return Examples.DESCENT;
        }
    }

    @Nested
    class OfADataSource extends DataSourceContract {
        @Override
        protected DataSource source() {
            TextSource text = split -> Stream.of(split + " 1", split + " 2");
            return new Mixture(
                    List.of(
                            new Mixture.Part("text", text, 1),
                            new Mixture.Part("tokens", (TokenSource) split -> new Count(), 2)));
        }
    }

    private record Count() implements Tokens {
        @Override
        public long size() {
            return 5000;
        }

        @Override
        public void copy(long from, int[] out, int offset, int count) {
            Objects.checkFromIndexSize(from, count, size());
            for (int i = 0; i < count; i++) {
                out[offset + i] = (int) from + i;
            }
        }
    }

    @Nested
    class OfAnEvalTask extends EvalTaskContract {
        @Override
        protected EvalTask task() {
            return Examples.TASK;
        }
    }

    @Nested
    class OfARunListener extends RunListenerContract {
        @Override
        protected RunListener listener(Path runFolder) {
            return event ->
                    Files.writeString(
                            runFolder.resolve("events.txt"),
                            event + "\n",
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
        }
    }

    @Nested
    class OfARun extends RunContract {
        @Override
        protected Run run(Path runFolder) {
            return () -> {
                Files.createDirectories(runFolder);
                Files.writeString(runFolder.resolve("done.txt"), "done\n");
            };
        }
    }
}
