package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;
import java.lang.foreign.MemorySegment;

/**
 * A matrix that is only read, as a file holds it: what {@link Backend#frozen} takes.
 *
 * @param name the weight's name
 * @param shape [I, O] of a weight that {@code linear} takes, [V, C] of a table
 * @param format of the elements
 * @param table whether rows are what products sum over, as in a table [V, C], where blocks run
 *     along C; else blocks run along I, down the columns
 * @param elements row-major, native byte order, not aligned to more than one byte: FLOAT32,
 *     BFLOAT16 and INT8 in the weight's shape; INT4 [⌈I/2⌉, O], or [V, ⌈C/2⌉] of a table
 * @param scales float32, [⌈I/32⌉, O], or [V, ⌈C/32⌉] of a table; empty where the format has none
 */
@Stable
public record FrozenWeight(
        String name,
        Shape shape,
        WeightFormat format,
        boolean table,
        MemorySegment elements,
        MemorySegment scales) {}
