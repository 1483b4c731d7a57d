package dev.kiln.platform.config;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.OneOf;
import dev.kiln.spi.Range;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.DataSourceFactory;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.TextSource;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelFamilyFactory;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunFactory;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.run.RunListenerFactory;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Extensions with options of every type. */
final class TestExtensions {
    static final Catalog CATALOG =
            new Catalog(
                    Stream.of(
                                    new Pretrain(),
                                    new Gpt1(),
                                    new Gpt2(),
                                    new Bpe(),
                                    new Text(),
                                    new WordNet(),
                                    new Console(),
                                    new Plot())
                            .map(factory -> new Catalog.Supplied(factory, "tests 1.0"))
                            .toList(),
                    List.of());

    private TestExtensions() {}

    record Evaluation(
            @Doc("Steps between two") @Default("100") int every, @Default("true") boolean atEnd) {}

    record PretrainOptions(
            @Doc("Where the text comes from") Choice<DataSource> data,
            @Doc("What is trained") @Default("gpt2") Choice<ModelFamily> model,
            @Default("{bpe: {vocabulary: 512}}") Choice<Tokenizer> tokenizer,
            @Default("[]") List<Choice<RunListener>> listeners,
            @Default("8") @Range(min = 1) int batch,
            @Default("1e-3") @Range(min = 0, max = 1) double learningRate,
            @Default("100_000") long tokens,
            @Default("never") @OneOf({"never", "auto"}) String resume,
            @Default("shuffled") Order order,
            Optional<Integer> stop,
            @Default("[]") List<String> prompts,
            @Default("{}") Map<String, Double> weights,
            @Default("{}") Evaluation evaluation,
            @Default("cache") Path cache,
            @Default("[]") List<Source> sources,
            Optional<Ramp> ramp) {}

    record Source(String name, @Range(min = 0) double weight, Choice<DataSource> data) {
        Source {
            if (weight == 0) {
                throw new InvalidInput("expected some weight for '" + name + "'");
            }
        }
    }

    record Ramp(@Range(min = 1) long from, @Range(min = 1) long over) {}

    record Gpt2Options(
            @Doc("Number of blocks") @Default("2") @Range(min = 1) int layers,
            @Default("4") int heads,
            @Default("64") int width) {
        Gpt2Options {
            if (width % heads != 0) {
                throw new InvalidInput(
                        "expected heads that divide the width, found " + heads + " and " + width);
            }
        }
    }

    record Gpt1Options(@Default("12") int layers) {}

    record BpeOptions(@Default("4096") int vocabulary, Optional<String> bpe) {}

    record TextOptions(@Doc("A file of text") String path, @Default("0.1") double heldOut) {}

    record WordNetOptions(@Default("0.05") double heldOut) {}

    record PlotOptions(@Default("png") String format) {}

    static final class Pretrain implements RunFactory<PretrainOptions> {
        @Override
        public String name() {
            return "pretrain";
        }

        @Override
        public Class<PretrainOptions> options() {
            return PretrainOptions.class;
        }

        @Override
        public Run create(PretrainOptions options, Context context) {
            return () -> {};
        }
    }

    static final class Gpt1 implements ModelFamilyFactory<Gpt1Options> {
        @Override
        public String name() {
            return "gpt1";
        }

        @Override
        public Class<Gpt1Options> options() {
            return Gpt1Options.class;
        }

        @Override
        public ModelFamily create(Gpt1Options options, Context context) {
            throw new UnsupportedOperationException();
        }
    }

    static final class Gpt2 implements ModelFamilyFactory<Gpt2Options> {
        @Override
        public String name() {
            return "gpt2";
        }

        @Override
        public Class<Gpt2Options> options() {
            return Gpt2Options.class;
        }

        @Override
        public ModelFamily create(Gpt2Options options, Context context) {
            throw new UnsupportedOperationException();
        }
    }

    static final class Bpe implements TokenizerFactory<BpeOptions> {
        @Override
        public String name() {
            return "bpe";
        }

        @Override
        public Class<BpeOptions> options() {
            return BpeOptions.class;
        }

        @Override
        public Tokenizer create(BpeOptions options, Context context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Tokenizer load(Path folder) {
            throw new UnsupportedOperationException();
        }
    }

    static final class Text implements DataSourceFactory<TextOptions> {
        @Override
        public String name() {
            return "text";
        }

        @Override
        public Class<TextOptions> options() {
            return TextOptions.class;
        }

        @Override
        public DataSource create(TextOptions options, Context context) {
            return (TextSource) split -> Stream.of(options.path());
        }
    }

    static final class WordNet implements DataSourceFactory<WordNetOptions> {
        @Override
        public String name() {
            return "wordnet";
        }

        @Override
        public Class<WordNetOptions> options() {
            return WordNetOptions.class;
        }

        @Override
        public DataSource create(WordNetOptions options, Context context) {
            return (TextSource) split -> Stream.of("entity");
        }
    }

    static final class Console implements RunListenerFactory<NoOptions> {
        @Override
        public String name() {
            return "console";
        }

        @Override
        public Class<NoOptions> options() {
            return NoOptions.class;
        }

        @Override
        public RunListener create(NoOptions options, Context context) {
            return event -> {};
        }
    }

    static final class Plot implements RunListenerFactory<PlotOptions> {
        @Override
        public String name() {
            return "plot";
        }

        @Override
        public Class<PlotOptions> options() {
            return PlotOptions.class;
        }

        @Override
        public RunListener create(PlotOptions options, Context context) {
            return event -> {};
        }
    }
}
