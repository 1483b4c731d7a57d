package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class FloatsTest {

    @Test
    void narrowingToBfloat16RoundsToTheNearestAndToTheEvenOfTwo() {
        // torch 2.13.0: torch.tensor(x).bfloat16().view(torch.int16), as unsigned hexadecimal.
        assertBfloat16(0x3f80, 1f);
        assertBfloat16(0x3f80, 1.00390625f); // between 0x3f80 and 0x3f81: to the even one
        assertBfloat16(0x3f82, 1.01171875f); // between 0x3f81 and 0x3f82: to the even one
        assertBfloat16(0x3f81, Float.intBitsToFloat(0x3f808001));
        assertBfloat16(0x8000, -0f);
        assertBfloat16(0x7f80, Float.MAX_VALUE);
        assertBfloat16(0xff80, Float.NEGATIVE_INFINITY);
        assertBfloat16(0x0000, Float.MIN_VALUE);
    }

    @Test
    void aNanStaysOneHoweverFewOfItsBitsAreSet() {
        float nan = Float.intBitsToFloat(0x7f800001);
        for (StoredType type : new StoredType[] {StoredType.BF16, StoredType.F16}) {
            float[] back = new float[1];
            Floats.read(type, write(type, nan), 0, back, 1);
            assertEquals(Float.NaN, back[0]);
        }
    }

    @Test
    void everyValueOf16BitsIsReadBackAsItself() {
        for (StoredType type : new StoredType[] {StoredType.BF16, StoredType.F16}) {
            short[] bits = new short[1 << 16];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = (short) i;
            }
            float[] values = new float[bits.length];
            Floats.read(type, MemorySegment.ofArray(bits), 0, values, values.length);
            short[] again = write(type, values).toArray(ValueLayout.JAVA_SHORT_UNALIGNED);
            for (int i = 0; i < bits.length; i++) {
                if (!Float.isNaN(values[i])) {
                    assertEquals(bits[i], again[i]);
                }
            }
        }
    }

    @Test
    void readingMayBeginAnywhere() {
        MemorySegment stored = write(StoredType.F16, 1, 2, 3);
        float[] two = new float[2];
        Floats.read(StoredType.F16, stored, 1, two, 2);
        assertArrayEquals(new float[] {2, 3}, two);
    }

    private static void assertBfloat16(int expected, float value) {
        short[] bits = write(StoredType.BF16, value).toArray(ValueLayout.JAVA_SHORT_UNALIGNED);
        assertEquals((short) expected, bits[0]);
    }

    private static MemorySegment write(StoredType type, float... values) {
        MemorySegment target = MemorySegment.ofArray(new byte[values.length * type.bits() / 8]);
        Floats.write(type, values, target, values.length);
        return target;
    }

    @Test
    void aWeightThatIsNotFiniteIsNamedWhenItIsPassedOn() {
        for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            for (StoredType type : List.of(StoredType.F32, StoredType.BF16, StoredType.F16)) {
                MemorySegment values = write(type, 1, value, 2);
                TensorContent content =
                        TensorContent.finite("h.0.w", type, Shape.of(3), () -> values);
                InvalidInput refused =
                        assertThrows(InvalidInput.class, () -> content.data().iterator().next());
                assertEquals(
                        "weight 'h.0.w' holds " + value + ", expected a finite number",
                        refused.getMessage());
            }
        }
    }
}
