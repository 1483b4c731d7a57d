package dev.kiln.platform.storage;

import dev.kiln.spi.backend.WeightFormat;
import java.util.Arrays;
import java.util.Optional;

/** The element types of the safetensors format, by the names that its headers use. */
public enum StoredType {
    BOOL(8),
    F4(4),
    F6_E2M3(6),
    F6_E3M2(6),
    U8(8),
    I8(8),
    F8_E4M3(8),
    F8_E5M2(8),
    F8_E8M0(8),
    F8_E4M3FNUZ(8),
    F8_E5M2FNUZ(8),
    I16(16),
    U16(16),
    F16(16),
    BF16(16),
    I32(32),
    U32(32),
    F32(32),
    C64(64),
    I64(64),
    U64(64),
    F64(64);

    private final int bits;

    StoredType(int bits) {
        this.bits = bits;
    }

    /** Bits of one element; elements are packed. */
    public int bits() {
        return bits;
    }

    /** Whether Kiln reads it as floats: F32, F16, BF16, and F64, rounded to the nearest F32. */
    boolean readable() {
        return writable() || this == F64;
    }

    /** Whether Kiln writes floats as it: F32, F16 and BF16. */
    public boolean writable() {
        return this == F32 || this == F16 || this == BF16;
    }

    /** What holds the elements of a weight; two INT4 share a U8. */
    static StoredType of(WeightFormat format) {
        return switch (format) {
            case FLOAT32 -> F32;
            case BFLOAT16 -> BF16;
            case INT8 -> I8;
            case INT4 -> U8;
        };
    }

    static Optional<StoredType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }
}
