package dev.kiln.spi.model;

import dev.kiln.spi.Stable;
import dev.kiln.spi.backend.Tensor;

/**
 * Labels for a head.
 *
 * @param rows which hidden states it reads
 * @param targets INT32 [examples], the right classes
 * @param weights FLOAT32 [examples], what each example's loss counts; 0 masks it
 */
@Stable
public record HeadInput(HeadRows rows, Tensor targets, Tensor weights) {}
