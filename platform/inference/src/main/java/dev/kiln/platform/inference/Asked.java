package dev.kiln.platform.inference;

/**
 * A row of a pass whose logits are asked for.
 *
 * @param position that it is of its sequence
 */
record Asked(int row, Sequence sequence, int position) {}
