package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;

/**
 * Whether a backend can run on this machine.
 *
 * @param usable whether {@code create} will work
 * @param rank {@code backend: auto} takes the usable one of the highest rank; 10 for portable CPU
 *     code, 20 for code made for this CPU, 30 for a GPU
 * @param reason one sentence for the log
 */
@Stable
public record Availability(boolean usable, int rank, String reason) {}
