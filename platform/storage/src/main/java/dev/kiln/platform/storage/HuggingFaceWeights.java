package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.HuggingFaceTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * The weights of a model in a Hugging Face folder. A weight that a file holds as it is, and in
 * the type that is asked for, is read where the file is mapped; others are put together. Used by
 * one thread.
 */
public final class HuggingFaceWeights implements WeightSource {
    private final TensorFiles files;
    private final HuggingFaceNames names;
    private final Map<String, List<Placement>> parts = new LinkedHashMap<>();
    private final OffHeapBuffer buffer = new OffHeapBuffer();

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
        if (!isCopy(copy)) {
            String name = names.inFile(copy.tensor().name());
            throw new DifferentCopy(
                    files.with(name).path()
                            + ": tensor '"
                            + name
                            + "' differs from what it should be a copy of, '"
                            + parts.get(copy.tensor().weight()).getFirst().tensor().name()
                            + "'",
                    copy.tensor().name());
        }
    }

    private boolean isCopy(Placement copy) {
        String weight = copy.tensor().weight();
        Optional<StoredTensor> whole = plain(weight);
        StoredTensor stored = describe(copy);
        if (whole.isPresent() && copy.isPlain() && whole.get().type() == stored.type()) {
            return mapped(copy).mismatch(files.with(whole.get().name()).tensor(whole.get().name()))
                    == -1;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment other = arena.allocate(copy.weight().size() * Float.BYTES, Float.BYTES);
            MemorySegment original = floats(weight, copy.weight());
            other.copyFrom(original); // A copy of some columns says nothing of the others.
            Weaving.weave(copy, stored.type(), mapped(copy), StoredType.F32, other);
            return other.mismatch(original) == -1;
        }
    }

    private StoredTensor describe(Placement part) {
        String name = names.inFile(part.tensor().name());
        return files.with(name).describe(name);
    }

    private MemorySegment mapped(Placement part) {
        String name = names.inFile(part.tensor().name());
        return files.with(name).tensor(name);
    }

    /** The tensor that is a weight as it is, if there is one. */
    private Optional<StoredTensor> plain(String weight) {
        List<Placement> own = parts.get(weight);
        return own.size() == 1 && own.getFirst().isPlain()
                ? Optional.of(describe(own.getFirst()))
                : Optional.empty();
    }

    private Optional<StoredTensor> plain(String weight, StoredType type) {
        return plain(weight).filter(stored -> stored.type() == type);
    }

    @Override
    public List<String> names() {
        return List.copyOf(parts.keySet());
    }

    @Override
    public long bytes(String name) {
        return parts.get(name).stream().mapToLong(part -> describe(part).bytes()).sum();
    }

    /** What was left out or changed of the files, a line for each kind. */
    public List<String> notices() {
        List<String> notices = new ArrayList<>();
        List<String> heads = names.heads();
        if (!heads.isEmpty()) {
            notices.add(
                    files.path()
                            + ": left out, of a head for another task: "
                            + String.join(", ", heads));
        }
        long wide =
                parts.values().stream()
                        .flatMap(List::stream)
                        .filter(part -> describe(part).type() == StoredType.F64)
                        .count();
        if (wide > 0) {
            notices.add(
                    files.path()
                            + ": tensors of float64 are read as float32, "
                            + wide
                            + " of them");
        }
        return notices;
    }

    /** That of all parts, if they have one and it is F16 or BF16, and nothing is rounded. */
    @Override
    public StoredType type(String name) {
        List<Placement> own = parts.get(name);
        StoredType type = describe(own.getFirst()).type();
        boolean same = own.stream().allMatch(part -> describe(part).type() == type);
        boolean exact =
                own.stream()
                        .map(part -> part.tensor().factor())
                        .allMatch(
                                factor ->
                                        type == StoredType.BF16
                                                ? isPowerOfTwo(factor)
                                                : factor == 1);
        return same && exact && type.writable() ? type : StoredType.F32;
    }

    @Override
    public MemorySegment elements(String name, Shape shape, StoredType type) {
        checkKnown(name, shape);
        return whole(name, shape, type, buffer::of);
    }

    /** Factors are powers of two, or lose bits anyway. */
    @Override
    public WeightFormat format(String name) {
        return parts.get(name).stream()
                        .allMatch(
                                part ->
                                        describe(part).type() == StoredType.BF16
                                                && isPowerOfTwo(part.tensor().factor()))
                ? WeightFormat.BFLOAT16
                : WeightFormat.FLOAT32;
    }

    private static boolean isPowerOfTwo(double factor) {
        return Math.abs(factor) == Math.scalb(1.0, Math.getExponent(factor));
    }

    @Override
    public boolean isMapped(String name, WeightFormat format) {
        return plain(name, StoredType.of(format)).isPresent();
    }

    @Override
    public MemorySegment floats(String name, Shape shape) {
        checkKnown(name, shape);
        return whole(name, shape, StoredType.F32, buffer::of);
    }

    @Override
    public FrozenWeight frozen(
            String name, Shape shape, boolean table, WeightFormat format, Arena arena) {
        checkKnown(name, shape);
        if (format.scaled()) {
            throw new IllegalArgumentException(name + " is not stored as " + format);
        }
        MemorySegment elements =
                whole(
                        name,
                        shape,
                        StoredType.of(format),
                        bytes -> arena.allocate(bytes, Float.BYTES));
        return new FrozenWeight(name, shape, format, table, elements, MemorySegment.NULL);
    }

    private void checkKnown(String name, Shape shape) {
        List<Placement> own = parts.get(name);
        if (own == null || !own.getFirst().weight().equals(shape)) {
            throw new IllegalArgumentException("no weight of the model: " + name + " " + shape);
        }
    }

    /** Mapped where it can be, else put together. */
    private MemorySegment whole(
            String name, Shape shape, StoredType type, LongFunction<MemorySegment> memory) {
        Optional<StoredTensor> plain = plain(name, type);
        if (plain.isPresent()) {
            return files.with(plain.get().name()).tensor(plain.get().name());
        }
        MemorySegment whole = memory.apply(shape.size() * type.bits() / Byte.SIZE);
        for (Placement part : parts.get(name)) {
            Weaving.weave(part, describe(part).type(), mapped(part), type, whole);
        }
        return whole;
    }

    @Override
    public void close() {
        files.close();
        buffer.close();
    }
}
