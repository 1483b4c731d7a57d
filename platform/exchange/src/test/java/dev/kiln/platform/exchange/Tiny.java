package dev.kiln.platform.exchange;

import dev.kiln.platform.config.Catalog;
import dev.kiln.platform.config.Catalog.Supplied;
import dev.kiln.platform.config.YamlConfigFiles;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.storage.WeightSource;
import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.Range;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.HuggingFaceTensor;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelFamilyFactory;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.TaskHeadFactory;
import dev.kiln.spi.model.Weights;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.ByteTokenizerFactory;
import dev.kiln.testkit.fixtures.FolderContext;
import dev.kiln.testkit.fixtures.TinyDecoder;
import dev.kiln.testkit.fixtures.TinyHead;
import dev.kiln.toolkit.Blueprint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A family with a Hugging Face form, as a plugin would bring it, and what else a model needs. */
final class Tiny {
    static final Catalog CATALOG =
            new Catalog(
                    List.of(
                            new Supplied(new FamilyFactory(), "test"),
                            new Supplied(new HeadFactory(), "test"),
                            new Supplied(new Bytes(), "test")),
                    List.of());
    static final ConfigFiles CONFIG_FILES = new YamlConfigFiles(() -> CATALOG);
    static final TrainedModel TRAINED = new TrainedModel(CATALOG, CONFIG_FILES);

    private Tiny() {}

    static Context context(Path runFolder) {
        return new FolderContext(3, runFolder);
    }

    /** The family with a context of 6, as YAML would choose it. */
    static Choice<ModelFamily> family() {
        record Part(Choice<ModelFamily> model) {}
        return CONFIG_FILES
                .parse("model: {tiny: {context: 6}}", Path.of("test"), Part.class)
                .model();
    }

    /** Options of the family. */
    record Options(
            @Doc("positions") @Default("4") @Range(min = 2) int context,
            @Doc("whether files can hold it") @Default("true") boolean expressible) {}

    /** Two layers of width 8; files hold queries, keys and values apart and turned. */
    record Family(Options options) implements ModelFamily {
        private TinyDecoder decoder() {
            return new TinyDecoder(options.context(), 0, 0.3);
        }

        @Override
        public ModelShape shape(int vocabulary) {
            return decoder().shape(vocabulary);
        }

        @Override
        public Model build(Weights weights, int vocabulary) {
            return decoder().build(weights, vocabulary);
        }

        @Override
        public HuggingFaceModel huggingFace(int vocabulary) {
            if (!options.expressible()) {
                throw new InvalidInput("model 'tiny': no file can hold it");
            }
            List<HuggingFaceTensor> tensors = new ArrayList<>();
            for (String name : Blueprint.of(this, vocabulary).parts().keySet()) {
                if (name.endsWith("c_attn.weight")) {
                    for (int i = 0; i < 3; i++) {
                        String part = "body." + name + "qkv".charAt(i);
                        tensors.add(
                                new HuggingFaceTensor(
                                        part, name, 8 * i, 8 * i + 8, true, i == 0 ? 0.5 : 1));
                    }
                } else {
                    tensors.add(HuggingFaceTensor.of("body." + name, name));
                }
            }
            return new HuggingFaceModel(
                    Map.of(
                            "model_type",
                            "tiny",
                            "vocab_size",
                            vocabulary,
                            "n_positions",
                            options.context()),
                    "body.",
                    tensors,
                    List.of(),
                    List.of());
        }
    }

    private record FamilyFactory() implements ModelFamilyFactory<Options> {
        @Override
        public String name() {
            return "tiny";
        }

        @Override
        public Class<Options> options() {
            return Options.class;
        }

        @Override
        public ModelFamily create(Options options, Context context) {
            return new Family(options);
        }

        @Override
        public Set<String> huggingFaceTypes() {
            return Set.of("tiny", "tinier");
        }

        @Override
        public Map<String, Object> huggingFaceOptions(Map<String, Object> config) {
            if (config.containsKey("rotary")) {
                throw new InvalidInput("rotary: there are no such positions here");
            }
            return config.containsKey("n_positions")
                    ? Map.of("context", config.get("n_positions"))
                    : Map.of();
        }

        @Override
        public Map<String, Object> huggingFaceDefaults(Map<String, Object> config) {
            return config.containsKey("guess") ? Map.of("n_heads", 2) : Map.of();
        }
    }

    private record HeadFactory() implements TaskHeadFactory<NoOptions> {
        @Override
        public String name() {
            return "language-model";
        }

        @Override
        public Class<NoOptions> options() {
            return NoOptions.class;
        }

        @Override
        public TaskHead create(NoOptions options, Context context) {
            return new TinyHead();
        }
    }

    /** The testkit's tokenizer, recognized by its file. */
    private record Bytes(ByteTokenizerFactory bytes) implements TokenizerFactory<NoOptions> {
        Bytes() {
            this(new ByteTokenizerFactory());
        }

        @Override
        public String name() {
            return bytes.name();
        }

        @Override
        public Class<NoOptions> options() {
            return bytes.options();
        }

        @Override
        public Tokenizer create(NoOptions options, Context context) {
            return new ByteTokenizer();
        }

        @Override
        public Tokenizer load(Path folder) {
            return bytes.load(folder);
        }

        @Override
        public boolean recognizes(Path folder) {
            return Files.exists(folder.resolve("bytes.txt"));
        }
    }

    /** Weights of known values: a function of name and index. */
    record Known(List<String> names) implements WeightSource {
        @Override
        public MemorySegment floats(String name, Shape shape) {
            return MemorySegment.ofArray(values(name, shape));
        }

        @Override
        public WeightFormat format(String name) {
            return WeightFormat.FLOAT32;
        }

        @Override
        public long bytes(String name) {
            throw new IllegalStateException("it is only exported");
        }

        @Override
        public boolean isMapped(String name, WeightFormat format) {
            throw new IllegalStateException("it is only exported");
        }

        @Override
        public FrozenWeight frozen(
                String name, Shape shape, boolean table, WeightFormat format, Arena arena) {
            throw new IllegalStateException("it is only exported");
        }

        static float[] values(String name, Shape shape) {
            float[] values = new float[Math.toIntExact(shape.size())];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Randomness.normal(Randomness.key(1, name), i);
            }
            return values;
        }

        @Override
        public void close() {}
    }
}
