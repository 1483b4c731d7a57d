/**
 * Learning rates over a run: {@code constant}, {@code linear} and {@code cosine}, each with a
 * linear warm-up in front, in steps or in tokens; {@code warmup-linear} and {@code warmup-cosine}
 * of GPT-1's released code.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.schedules;
