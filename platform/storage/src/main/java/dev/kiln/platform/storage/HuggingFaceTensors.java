package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.model.HuggingFaceModel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;

/**
 * The tensors of a model, to be written to a Hugging Face folder: to {@code model.safetensors}, or
 * to shards with an index where they are too large for one file. Elements go through small buffers.
 */
public final class HuggingFaceTensors {
    /** What transformers looks for in a file's metadata. */
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private static final int PIECE = 1 << 16;

    /** The least number that float16 rounds to infinity. */
    private static final float FLOAT16_END = 65_520;

    private final List<TensorContent> tensors;

    /**
     * @param weights the shapes of all weights of the model, by Kiln's names
     * @param source the weights; asked for one at a time
     * @param type F32, F16 or BF16; values are rounded to the nearest, to the even one of two
     * @throws IllegalArgumentException when the model's own description doesn't fit its weights
     */
    public HuggingFaceTensors(
            HuggingFaceModel model,
            Map<String, Shape> weights,
            WeightSource source,
            StoredType type) {
        if (!type.writable()) {
            throw new IllegalArgumentException("expected F32, F16 or BF16, got " + type);
        }
        tensors =
                HuggingFaceWeights.placements(model, weights).stream()
                        .map(
                                part ->
                                        new TensorContent(
                                                part.tensor().name(),
                                                type,
                                                part.shape(),
                                                () -> new Pieces(part, source, type)))
                        .toList();
    }

    /** The elements of one tensor, piece by piece in one buffer. */
    private static final class Pieces implements Iterator<MemorySegment> {
        private final Placement part;
        private final StoredType type;
        private final MemorySegment weight;
        private final float[] values = new float[PIECE];
        private final MemorySegment encoded = MemorySegment.ofArray(new byte[PIECE * Float.BYTES]);
        private long at;

        Pieces(Placement part, WeightSource source, StoredType type) {
            this.part = part;
            this.type = type;
            weight = source.floats(part.tensor().weight(), part.weight());
        }

        @Override
        public boolean hasNext() {
            return at < part.size();
        }

        @Override
        public MemorySegment next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int count = (int) Math.min(PIECE, part.size() - at);
            for (int i = 0; i < count; i++) {
                long offset = part.index(at + i) * Float.BYTES;
                values[i] = part.toFile(weight.get(ValueLayout.JAVA_FLOAT_UNALIGNED, offset));
                checkFits(values[i]);
            }
            Floats.write(type, values, encoded, count);
            at += count;
            return encoded.asSlice(0, (long) count * type.bits() / Byte.SIZE);
        }

        private void checkFits(float value) {
            if (!Float.isFinite(value)) {
                throw Floats.notFinite(part.tensor().weight(), value);
            }
            if (type == StoredType.F16 && Math.abs(value) >= FLOAT16_END) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "tensor '%s' holds %s, which is too large for float16; take bfloat16",
                                part.tensor().name(),
                                value));
            }
        }
    }

    /**
     * Writes the files to a folder that has none of them.
     *
     * @throws InvalidInput when a value does not fit the type, or the disk is full
     * @param maxShardBytes how many bytes of tensors a file holds at most; a tensor that is larger
     *     than that has a file for itself
     */
    public void write(Path folder, long maxShardBytes) throws IOException {
        List<List<TensorContent>> shards = shards(maxShardBytes);
        if (shards.size() == 1) {
            new SafetensorsContent(METADATA, tensors).save(folder.resolve(TensorFiles.SINGLE));
            return;
        }
        Map<String, String> weightMap = new TreeMap<>();
        for (int i = 0; i < shards.size(); i++) {
            String name =
                    String.format(
                            Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            shards.get(i).forEach(tensor -> weightMap.put(tensor.name(), name));
            new SafetensorsContent(METADATA, shards.get(i)).save(folder.resolve(name));
        }
        Map<String, Long> metadata = new TreeMap<>(Map.of("total_size", bytes(tensors)));
        HuggingFaceFolder.write(
                folder.resolve(TensorFiles.INDEX),
                new TreeMap<>(Map.of("metadata", metadata, "weight_map", weightMap)));
    }

    private List<List<TensorContent>> shards(long maxBytes) {
        List<List<TensorContent>> shards = new ArrayList<>();
        List<TensorContent> shard = new ArrayList<>();
        for (TensorContent tensor : tensors) {
            if (!shard.isEmpty() && bytes(shard) + tensor.bytes() > maxBytes) {
                shards.add(shard);
                shard = new ArrayList<>();
            }
            shard.add(tensor);
        }
        shards.add(shard);
        return shards;
    }

    private static long bytes(List<TensorContent> tensors) {
        return tensors.stream().mapToLong(TensorContent::bytes).sum();
    }
}
