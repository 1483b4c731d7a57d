package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Where the weights of a model are read from, by the names that Kiln gives them. */
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

    @Override
    void close();
}
