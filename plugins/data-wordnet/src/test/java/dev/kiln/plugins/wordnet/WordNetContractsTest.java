package dev.kiln.plugins.wordnet;

import dev.kiln.spi.Factory;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.testkit.DataSourceContract;
import dev.kiln.testkit.EvalTaskContract;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

class WordNetContractsTest {
    private static final WordNetTaskOptions SMALL =
            new WordNetTaskOptions(
                    1,
                    0.025,
                    0.025,
                    WordNetTaskOptions.Distractors.PART_OF_SPEECH,
                    Optional.of(200));

    @Nested
    class OfTheCorpus extends DataSourceContract {
        @Override
        protected DataSource source() {
            return new WordNet(0.05, Order.SHUFFLED);
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new WordNetFactory());
        }
    }

    @Nested
    class OfCategories extends EvalTaskContract {
        @Override
        protected EvalTask task() {
            return new CategoryTask(SMALL);
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new CategoryTaskFactory());
        }
    }

    @Nested
    class OfHypernyms extends EvalTaskContract {
        @Override
        protected EvalTask task() {
            return new HypernymTask(SMALL);
        }
    }

    @Nested
    class OfSynonyms extends EvalTaskContract {
        @Override
        protected EvalTask task() {
            return new SynonymTask(SMALL);
        }
    }

    @Nested
    class OfDefinitions extends EvalTaskContract {
        @Override
        protected EvalTask task() {
            return new DefinitionTask(SMALL);
        }
    }
}
