package dev.kiln.spi.model;

import dev.kiln.spi.Stable;
import dev.kiln.spi.backend.Tensor;
import java.util.Optional;

/**
 * Which hidden states a head reads.
 *
 * @param rows INT32 [R], indices into hidden[B, T, C] seen as [B·T, C]; empty for all of them. A
 *     head that reads several states an example (both orders of a pair, all choices of a question)
 *     finds them one after the other.
 */
@Stable
public record HeadRows(Optional<Tensor> rows) {
    public static final HeadRows ALL = new HeadRows(Optional.empty());

    public static HeadRows of(Tensor rows) {
        return new HeadRows(Optional.of(rows));
    }
}
