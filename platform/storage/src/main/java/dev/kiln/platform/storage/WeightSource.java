package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Where the weights of a model are read from, by the names that Kiln gives them. Nothing of the size
 * of a weight comes to lie on the heap. Used by one thread.
 */
public interface WeightSource extends AutoCloseable {

    /** The names of all weights that are here. */
    List<String> names();

    /**
     * The elements of a weight as float32 in native order, not aligned to more than one byte; valid
     * until the next call, or until this is closed.
     *
     * @throws InvalidInput when there is no such weight, or it has another shape or no floats; names
     *     file and tensor
     */
    MemorySegment floats(String name, Shape shape);

    /** The type that holds a weight as it is stored, F32, F16 or BF16; F32 for all else. */
    default StoredType type(String name) {
        return StoredType.F32;
    }

    /**
     * The elements of a weight as {@link #floats} gives them, in another type.
     *
     * @param type {@link #type}, or another that Kiln writes, to the nearest value of which elements
     *     are rounded
     */
    default MemorySegment elements(String name, Shape shape, StoredType type) {
        if (type != StoredType.F32) {
            throw new IllegalArgumentException(name + " is only read as F32");
        }
        return floats(name, shape);
    }

    /**
     * The smallest format that holds a weight as it is stored, to the bit; FLOAT32 for float16.
     *
     * @throws InvalidInput when there is no such weight; names file and tensor
     */
    WeightFormat format(String name);

    /**
     * The bytes that files hold of a weight, those of scales among them.
     *
     * @throws InvalidInput when there is no such weight; names file and tensor
     */
    long bytes(String name);

    /**
     * Whether {@link #frozen} finds a weight in that format where a file is mapped, so that it needs
     * no memory of its own.
     *
     * @throws InvalidInput when there is no such weight; names file and tensor
     */
    boolean isMapped(String name, WeightFormat format);

    /**
     * A matrix to be kept by a backend: where the file is mapped if it holds it so, else converted to
     * memory of an arena. Valid until the arena is closed or this is.
     *
     * @param table what products sum over, see {@link FrozenWeight}
     * @param format {@link #format}, or another without scales, to the nearest value of which, to the
     *     even one of two, elements are rounded
     * @throws InvalidInput as {@link #floats}, or when the weight is stored in blocks of the other
     *     direction
     */
    FrozenWeight frozen(String name, Shape shape, boolean table, WeightFormat format, Arena arena);

    @Override
    void close();
}
