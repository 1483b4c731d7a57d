package dev.kiln.platform.comparison;

import dev.kiln.platform.evaluation.Figure;

/**
 * How well a task is done in one way.
 *
 * @param name of the way
 */
record Way(String name, Figure figure) {}
