package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.HuggingFaceTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a model in a Hugging Face folder. A weight that a file holds as it is, in float32,
 * is read where the file is mapped; others are put together in one buffer, one at a time. Used by
 * one thread.
 */
public final class HuggingFaceWeights implements WeightSource {
    private static final int PIECE = 1 << 16;

    private final TensorFiles files;
    private final HuggingFaceNames names;
    private final Map<String, List<Placement>> parts = new LinkedHashMap<>();
    private final float[] piece = new float[PIECE];
    private Arena arena = Arena.ofShared();
    private MemorySegment buffer = MemorySegment.NULL;

    private HuggingFaceWeights(TensorFiles files, HuggingFaceNames names) {
        this.files = files;
        this.names = names;
    }

    /**
     * Maps a folder's files and compares them with the model: names, shapes, types, and that copies
     * are copies.
     *
     * @param weights the shapes of all weights of the model, by Kiln's names
     * @throws InvalidInput when they differ in anything; names file and tensor
     * @throws IllegalArgumentException when the model's own description doesn't fit its weights
     */
    public static HuggingFaceWeights open(
            Path folder, HuggingFaceModel model, Map<String, Shape> weights) {
        TensorFiles files = TensorFiles.open(folder);
        try {
            HuggingFaceWeights opened =
                    new HuggingFaceWeights(files, new HuggingFaceNames(model, files));
            opened.check(model, weights);
            return opened;
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    private void check(HuggingFaceModel model, Map<String, Shape> weights) {
        for (Placement part : placements(model, weights)) {
            checkForm(part);
            parts.computeIfAbsent(part.tensor().weight(), _ -> new ArrayList<>()).add(part);
        }
        for (HuggingFaceTensor copy : model.copies()) {
            if (names.has(copy.name())) {
                checkCopy(new Placement(copy, weights.get(copy.weight())));
            }
        }
    }

    /**
     * The places of all tensors of a model in its weights.
     *
     * @throws IllegalArgumentException when they don't cover every column of every weight once
     */
    static List<Placement> placements(HuggingFaceModel model, Map<String, Shape> weights) {
        Map<String, Integer> covered = new LinkedHashMap<>();
        List<Placement> placements = new ArrayList<>();
        for (HuggingFaceTensor tensor : model.tensors()) {
            Shape shape = weights.get(tensor.weight());
            if (shape == null || tensor.from() != covered.getOrDefault(tensor.weight(), 0)) {
                throw new IllegalArgumentException(tensor + " is not the next part of a weight");
            }
            Placement placement = new Placement(tensor, shape);
            covered.put(tensor.weight(), placement.to());
            placements.add(placement);
        }
        weights.forEach(
                (name, shape) -> {
                    if (covered.getOrDefault(name, 0) != shape.columns()) {
                        throw new IllegalArgumentException(
                                "no tensor holds all of the weight '" + name + "'");
                    }
                });
        return placements;
    }

    private void checkForm(Placement part) {
        String name = names.inFile(part.tensor().name());
        files.with(name).floating(name);
        files.with(name).checkShape(name, part.shape());
    }

    private void checkCopy(Placement copy) {
        checkForm(copy);
        Shape shape = copy.weight();
        MemorySegment original = floats(copy.tensor().weight(), shape);
        forEach(
                copy,
                (index, value) -> {
                    float expected = original.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * index);
                    if (Float.compare(expected, value) != 0) {
                        String name = names.inFile(copy.tensor().name());
                        throw new InvalidInput(
                                "%s: tensor '%s' differs from what it should be a copy of, '%s'"
                                        .formatted(
                                                files.with(name).path(),
                                                name,
                                                parts.get(copy.tensor().weight())
                                                        .getFirst()
                                                        .tensor()
                                                        .name()));
                    }
                });
    }

    @Override
    public List<String> names() {
        return List.copyOf(parts.keySet());
    }

    @Override
    public MemorySegment floats(String name, Shape shape) {
        List<Placement> own = parts.get(name);
        if (own == null || !own.getFirst().weight().equals(shape)) {
            throw new IllegalArgumentException("no weight of the model: " + name + " " + shape);
        }
        String first = names.inFile(own.getFirst().tensor().name());
        if (own.size() == 1
                && own.getFirst().isPlain()
                && files.with(first).describe(first).type() == StoredType.F32) {
            return files.with(first).floats(first);
        }
        MemorySegment whole = buffer(shape.size() * Float.BYTES);
        for (Placement part : own) {
            forEach(
                    part,
                    (index, value) ->
                            whole.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * index, value));
        }
        return whole;
    }

    /** Takes an element and its index in the weight. */
    @FunctionalInterface
    private interface Taker {
        void take(long index, float value);
    }

    private void forEach(Placement part, Taker taker) {
        String name = names.inFile(part.tensor().name());
        SafetensorsFile file = files.with(name);
        StoredTensor stored = file.describe(name);
        MemorySegment source = file.tensor(name);
        for (long at = 0; at < part.size(); at += PIECE) {
            int count = (int) Math.min(PIECE, part.size() - at);
            Floats.read(stored.type(), source, at, piece, count);
            for (int i = 0; i < count; i++) {
                taker.take(part.index(at + i), part.fromFile(piece[i]));
            }
        }
    }

    private MemorySegment buffer(long bytes) {
        if (buffer.byteSize() < bytes) {
            arena.close();
            arena = Arena.ofShared();
            buffer = arena.allocate(bytes, Float.BYTES);
        }
        return buffer.asSlice(0, bytes);
    }

    @Override
    public void close() {
        files.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
