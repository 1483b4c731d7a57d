/**
 * Learning rates over a run: {@code constant}, {@code linear} and {@code cosine}, each with a
 * linear warm-up in front.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.schedules;
