/**
 * What listens to a run: the console, {@code metrics.jsonl}, TensorBoard's event files, and a plot
 * of the loss.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.listeners;
