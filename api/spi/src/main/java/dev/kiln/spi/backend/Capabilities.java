package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;
import java.util.Set;

/**
 * What a backend has.
 *
 * @param types element types that its scopes allocate; always FLOAT32 and INT32
 * @param device what it runs on, in words for the log
 * @param threads number of threads that it computes with
 */
@Stable
public record Capabilities(Set<DType> types, String device, int threads) {}
