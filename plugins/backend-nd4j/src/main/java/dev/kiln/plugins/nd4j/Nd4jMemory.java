package dev.kiln.plugins.nd4j;

import dev.kiln.kernels.Memory;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Buffers of ND4J, a little longer than asked for, so that the start can be aligned. */
final class Nd4jMemory implements Memory {
    private final Map<Long, DataBuffer> buffers = new HashMap<>();

    @Override
    @SuppressWarnings("restricted") // the buffer is as long as that
    public MemorySegment allocate(long bytes, long alignment) {
        DataBuffer buffer = buffer((bytes + alignment + 3) / 4);
        long start = (buffer.address() + alignment - 1) / alignment * alignment;
        buffers.put(start, buffer);
        return MemorySegment.ofAddress(start).reinterpret(bytes);
    }

    /** ND4J tells a failed allocation by a plain RuntimeException of its native code. */
    private static DataBuffer buffer(long floats) {
        try {
            return Nd4j.createBuffer(DataType.FLOAT, floats, false);
        } catch (RuntimeException refused) {
            OutOfMemoryError error = new OutOfMemoryError(refused.getMessage());
            error.initCause(refused);
            throw error;
        }
    }

    @Override
    public void free(MemorySegment segment) {
        DataBuffer buffer = buffers.remove(segment.address());
        if (buffer == null) {
            throw new IllegalArgumentException("not of this memory: " + segment);
        }
        buffer.close();
    }

    @Override
    public void close() {
        buffers.values().forEach(DataBuffer::close);
        buffers.clear();
    }
}
