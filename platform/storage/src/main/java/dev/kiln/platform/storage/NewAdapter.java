package dev.kiln.platform.storage;

import dev.kiln.spi.backend.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An adapter to be written in peft's layout: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}. Values are asked for when they are written. Used by one thread.
 *
 * <pre>{@code
 * new NewAdapter(layout, settings)
 *         .matrix("h.0.attn.c_attn.weight", () -> down, () -> up)
 *         .write(folder);
 * }</pre>
 */
public final class NewAdapter {
    private final AdapterLayout layout;
    private final Settings settings;
    private final List<TensorContent> tensors = new ArrayList<>();
    private final Set<String> modules = new LinkedHashSet<>();
    private final Map<String, List<Integer>> tokens = new LinkedHashMap<>();
    private final Map<String, String> metadata = new TreeMap<>(Map.of("format", "pt"));
    private boolean head;

    /**
     * What was trained.
     *
     * @param base where the model is that was adapted
     * @param alpha changes are multiplied by alpha / rank
     * @param dropout of what went into the adapters
     */
    public record Settings(String base, int rank, double alpha, double dropout) {}

    public NewAdapter(AdapterLayout layout, Settings settings) {
        this.layout = layout;
        this.settings = settings;
    }

    /**
     * Adds the change of a matrix [in, out]; of one that is several modules, that of each.
     *
     * @param down [in, r]
     * @param up [r, out]
     */
    public NewAdapter matrix(String weight, Supplier<float[]> down, Supplier<float[]> up) {
        int rank = settings.rank();
        layout.parts(weight)
                .forEach(
                        (module, part) -> {
                            modules.add(module);
                            int in = part.weight().rows();
                            int out = part.to() - part.from();
                            String name = AdapterLayout.ROOT + module;
                            add(
                                    name + ".lora_A.weight",
                                    Shape.of(rank, in),
                                    () -> turned(down.get(), rank, 0, rank, 1));
                            add(
                                    name + ".lora_B.weight",
                                    Shape.of(out, rank),
                                    () ->
                                            turned(
                                                    up.get(),
                                                    part.weight().columns(),
                                                    part.from(),
                                                    out,
                                                    part.tensor().factor()));
                        });
        return this;
    }

    /** Some columns of a matrix as rows, times a factor. */
    private static float[] turned(float[] values, int width, int from, int columns, double factor) {
        int rows = values.length / width;
        float[] turned = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] =
                        (float) (values[row * width + from + column] * factor);
            }
        }
        return turned;
    }

    /**
     * Adds rows of a table of tokens that are not the base's.
     *
     * @param first token whose row it is
     * @param values [count, columns]
     */
    public NewAdapter rows(String table, int first, int count, Supplier<float[]> values) {
        layout.parts(table)
                .forEach(
                        (module, part) -> {
                            tokens.put(
                                    module, IntStream.range(first, first + count).boxed().toList());
                            add(
                                    AdapterLayout.ROOT + module + AdapterLayout.ROWS,
                                    Shape.of(count, part.weight().columns()),
                                    values);
                        });
        return this;
    }

    /**
     * Adds a weight of the head, [in, classes] or [classes].
     *
     * @param weight such as {@code head.weight}
     */
    public NewAdapter head(String weight, Shape shape, Supplier<float[]> values) {
        head = true;
        String bare = weight.substring(AdapterLayout.HEAD.length());
        int[] sizes = shape.toArray();
        Shape turned = shape.rank() == 2 ? Shape.of(sizes[1], sizes[0]) : shape;
        add(
                AdapterLayout.ROOT + AdapterLayout.SCORE + bare,
                turned,
                () -> turned(values.get(), shape.columns(), 0, shape.columns(), 1));
        return this;
    }

    private void add(String name, Shape shape, Supplier<float[]> values) {
        tensors.add(
                TensorContent.finite(
                        name, StoredType.F32, shape, () -> MemorySegment.ofArray(values.get())));
    }

    /** Adds what no file of peft says, to the tensors' metadata. */
    public NewAdapter note(String key, String text) {
        metadata.put(key, text);
        return this;
    }

    /**
     * Writes both files, each whole or not at all, over others.
     *
     * @throws dev.kiln.spi.InvalidInput when a value is not finite, or the disk is full
     */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        new SafetensorsContent(metadata, tensors).save(folder.resolve(AdapterFile.TENSORS));
        HuggingFaceFolder.write(folder.resolve(AdapterConfig.FILE), config());
    }

    private Map<String, @Nullable Object> config() {
        Map<String, @Nullable Object> config = new TreeMap<>();
        config.put("peft_type", "LORA");
        config.put("task_type", head ? "SEQ_CLS" : "CAUSAL_LM");
        config.put("base_model_name_or_path", settings.base());
        config.put("inference_mode", true);
        config.put("r", settings.rank());
        config.put("lora_alpha", number(settings.alpha()));
        config.put("lora_dropout", settings.dropout());
        config.put("bias", "none");
        config.put("fan_in_fan_out", layout.conv1d());
        config.put("target_modules", layout.targets(modules));
        config.put("modules_to_save", head ? List.of("score") : null);
        config.put("trainable_token_indices", tokenIndices());
        config.put("use_rslora", false);
        config.put("use_dora", false);
        return config;
    }

    /** peft's alpha is a whole number, mostly. */
    private static Number number(double alpha) {
        if (alpha == (int) alpha) {
            return (int) alpha;
        }
        return alpha;
    }

    /** A list means the input embeddings. */
    private @Nullable Object tokenIndices() {
        return switch (tokens.size()) {
            case 0 -> null;
            case 1 -> tokens.values().iterator().next();
            default -> tokens;
        };
    }
}
