package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The elements of a matrix in blocks, band by band in one buffer. Used by one thread. */
final class CodedBands implements Iterator<MemorySegment> {
    private final Blocks blocks;
    private final MemorySegment floats;
    private final MemorySegment scales;
    private final Consumer<Deviation> deviations;
    private final Supplier<InvalidInput> notFinite;
    private final float[] originals;
    private final float[] decoded;
    private final float[] bandScales;
    private final byte[] coded;
    private int band;
    private long at;

    /**
     * @param floats the values
     * @param scales for those of all bands, one after the other
     */
    CodedBands(
            Blocks blocks,
            MemorySegment floats,
            MemorySegment scales,
            Consumer<Deviation> deviations,
            Supplier<InvalidInput> notFinite) {
        this.blocks = blocks;
        this.floats = floats;
        this.scales = scales;
        this.deviations = deviations;
        this.notFinite = notFinite;
        originals = new float[blocks.bandRows() * blocks.shape().columns()];
        decoded = new float[originals.length];
        bandScales = new float[blocks.scalesPerBand()];
        coded = new byte[blocks.bytes(0)];
    }

    @Override
    public boolean hasNext() {
        return band < blocks.bands();
    }

    @Override
    public MemorySegment next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int count = blocks.rows(band) * blocks.shape().columns();
        Floats.read(StoredType.F32, floats, at, originals, count);
        blocks.encode(band, originals, coded, bandScales);
        checkFinite();
        blocks.decode(band, coded, bandScales, decoded);
        deviations.accept(Deviation.of(originals, decoded, count));
        long scaleBytes = (long) bandScales.length * Float.BYTES;
        MemorySegment.copy(
                MemorySegment.ofArray(bandScales), 0, scales, band * scaleBytes, scaleBytes);
        int bytes = blocks.bytes(band);
        at += count;
        band++;
        return MemorySegment.ofArray(coded).asSlice(0, bytes);
    }

    private void checkFinite() {
        for (float scale : bandScales) {
            if (!Float.isFinite(scale)) {
                throw notFinite.get();
            }
        }
    }
}
