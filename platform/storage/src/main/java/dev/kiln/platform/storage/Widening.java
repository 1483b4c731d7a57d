package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** 16-bit floating point to float32; every value is represented exactly. */
final class Widening {
    private static final ValueLayout.OfShort BITS = ValueLayout.JAVA_SHORT_UNALIGNED;

    private Widening() {}

    static MemorySegment floats(Path file, StoredTensor tensor, MemorySegment source) {
        if (tensor.size() > Integer.MAX_VALUE) {
            throw new InvalidInput(
                    "%s: tensor '%s' has %d elements, too many to convert from %s"
                            .formatted(file, tensor.name(), tensor.size(), tensor.type()));
        }
        float[] values = new float[(int) tensor.size()];
        boolean half = tensor.type() == StoredType.F16;
        for (int i = 0; i < values.length; i++) {
            short bits = source.get(BITS, 2L * i);
            // A bfloat16 is the upper half of a float32.
            values[i] = half ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
        }
        return MemorySegment.ofArray(values);
    }
}
