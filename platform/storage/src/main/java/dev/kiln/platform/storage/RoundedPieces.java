package dev.kiln.platform.storage;

import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/** Float32 values as another type holds them, piece by piece in one buffer. Used by one thread. */
final class RoundedPieces implements Iterator<MemorySegment> {
    private static final int PIECE = 1 << 16;

    private final MemorySegment floats;
    private final StoredType type;
    private final Consumer<Deviation> deviations;
    private final float[] originals = new float[PIECE];
    private final float[] rounded = new float[PIECE];
    private final MemorySegment encoded = MemorySegment.ofArray(new byte[PIECE * Float.BYTES]);
    private long at;

    RoundedPieces(MemorySegment floats, StoredType type, Consumer<Deviation> deviations) {
        this.floats = floats;
        this.type = type;
        this.deviations = deviations;
    }

    private long left() {
        return floats.byteSize() / Float.BYTES - at;
    }

    @Override
    public boolean hasNext() {
        return left() > 0;
    }

    @Override
    public MemorySegment next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int count = (int) Math.min(PIECE, left());
        Floats.read(StoredType.F32, floats, at, originals, count);
        Floats.write(type, originals, encoded, count);
        Floats.read(type, encoded, 0, rounded, count);
        deviations.accept(Deviation.of(originals, rounded, count));
        at += count;
        return encoded.asSlice(0, (long) count * type.bits() / Byte.SIZE);
    }
}
