package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;
import java.util.Set;

/**
 * What a backend has.
 *
 * @param types element types that its scopes allocate; always FLOAT32 and INT32
 * @param weightFormats formats in which it keeps frozen weights
 * @param device what it runs on, in words for the log
 * @param threads number of threads that it computes with
 */
@Stable
public record Capabilities(
        Set<DType> types, Set<WeightFormat> weightFormats, String device, int threads) {}
